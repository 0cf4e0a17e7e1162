package io.orrery.registry.xet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Pattern;

/**
 * A hash of Xet's as text: 64 lower-case hex digits, of which each group of 16 is one little-endian number of the 32 bytes.
 *
 * <p>Source: xet-core {@code merklehash/src/data_hash.rs}.
 */
record XetHash(String hex) {
    static final int BYTES = 32;

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    XetHash {
        if (!isHex(hex)) {
            throw new IllegalArgumentException("a Xet hash has 64 lower-case hex digits, but '" + hex + "' has not");
        }
    }

    static boolean isHex(String text) {
        return HEX.matcher(text).matches();
    }

    static XetHash of(byte[] bytes) {
        return read(ByteBuffer.wrap(bytes));
    }

    /** The next 32 bytes. */
    static XetHash read(ByteBuffer from) {
        ByteBuffer numbers = from.slice(from.position(), BYTES).order(ByteOrder.LITTLE_ENDIAN);
        from.position(from.position() + BYTES);
        return new XetHash("%016x%016x%016x%016x"
                .formatted(numbers.getLong(), numbers.getLong(), numbers.getLong(), numbers.getLong()));
    }

    byte[] bytes() {
        ByteBuffer numbers = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            numbers.putLong(Long.parseUnsignedLong(hex, 16 * i, 16 * i + 16, 16));
        }
        return numbers.array();
    }

    /** Whether a chunk with this hash may be asked for from everywhere. Source: xet-core {@code hash_is_global_dedup_eligible}. */
    boolean isWidelyKnown() {
        return Long.remainderUnsigned(Long.parseUnsignedLong(hex, 48, 64, 16), 1024) == 0;
    }
}
