package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.Utf8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a pickle from its first byte on and knows where it is, for messages. */
final class PickleCursor {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble BIG_ENDIAN_DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int MOST_NAME_BYTES = 256;

    private final String source;
    private final String part;
    private final MemorySegment bytes;
    private long position;
    private long opcodeAt;

    /** @param part what the offsets in messages count in */
    PickleCursor(String source, String part, MemorySegment bytes, long position) {
        this.source = source;
        this.part = part;
        this.bytes = bytes;
        this.position = position;
    }

    long position() {
        return position;
    }

    int opcode() {
        opcodeAt = position;
        return u8();
    }

    int u8() {
        return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, taken(1)));
    }

    int i32() {
        return bytes.get(INT, taken(Integer.BYTES));
    }

    long u32() {
        return Integer.toUnsignedLong(i32());
    }

    double f64() {
        return bytes.get(BIG_ENDIAN_DOUBLE, taken(Double.BYTES));
    }

    /** A two's complement number of so many bytes. */
    long signed(int count) {
        if (count > Long.BYTES) {
            throw broken("holds a number of " + count + " bytes, which is the size of nothing");
        }
        long value = 0;
        int last = 0;
        for (int i = 0; i < count; i++) {
            last = u8();
            value |= (long) last << (Byte.SIZE * i);
        }
        boolean isNegative = count > 0 && count < Long.BYTES && last >= 0x80;
        return isNegative ? value - (1L << (Byte.SIZE * count)) : value;
    }

    String text(long length) {
        byte[] text = bytes.asSlice(taken(length), length).toArray(ValueLayout.JAVA_BYTE);
        if (new Utf8().firstBrokenByte(ByteBuffer.wrap(text)).isPresent()) {
            throw broken("holds a text that is not UTF-8");
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    /** One char a byte, whatever it is. */
    String characters(int length) {
        return new String(
                bytes.asSlice(taken(length), length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }

    /** A name up to the end of its line. */
    String line() {
        StringBuilder line = new StringBuilder();
        for (int next = u8(); next != '\n'; next = u8()) {
            if (line.length() == MOST_NAME_BYTES || next < ' ' || next > '~') {
                throw broken("names a global '" + line + "...' that is no name");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    /** Passes over bytes; a count that is negative is one that no file can hold. */
    void skip(long count) {
        taken(count);
    }

    long i64() {
        return bytes.get(LONG, taken(Long.BYTES));
    }

    private long taken(long count) {
        if (count < 0 || count > bytes.byteSize() - position) {
            throw broken("needs " + count + " bytes more, but ends " + (bytes.byteSize() - position) + " bytes on");
        }
        long at = position;
        position += count;
        return at;
    }

    /** @param problem continues a sentence about the pickle */
    CheckpointException broken(String problem) {
        return new CheckpointException(
                source,
                "the pickle " + problem + " (at byte " + opcodeAt + " of " + part
                        + "); it is no file of tensors that can be trusted, save the model as safetensors");
    }
}
