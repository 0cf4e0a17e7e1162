package io.orrery.engine.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * SentencePiece's rules of normalisation: a double-array trie of what is replaced, and the replacements, each ended by a zero byte.
 * Immutable.
 *
 * <p>Source: sentencepiece {@code third_party/darts_clone/darts.h}; crate spm_precompiled.
 */
final class PrecompiledMap {
    private static final int MOST_BYTES = 1 << 24;

    private final int[] units;
    private final byte[] replacements;

    private PrecompiledMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /** @param base64 bytes: the trie's size, the trie, the replacements. @throws TokenizerException where they do not fit */
    static PrecompiledMap parse(String base64) {
        if (base64.length() > MOST_BYTES) {
            throw new TokenizerException(
                    "precompiled_charsmap of the normalizer is longer than " + MOST_BYTES + " characters");
        }
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IllegalArgumentException e) {
            throw new TokenizerException("precompiled_charsmap of the normalizer is no base64: " + e.getMessage(), e);
        }
        int size = bytes.remaining() < 4 ? -1 : bytes.getInt();
        if (size < 4 || size % 4 != 0 || size > bytes.remaining()) {
            throw new TokenizerException(
                    "precompiled_charsmap of the normalizer is broken: its trie has " + size + " bytes");
        }
        int[] units = new int[size / 4];
        for (int i = 0; i < units.length; i++) {
            units[i] = bytes.getInt();
        }
        byte[] replacements = new byte[bytes.remaining()];
        bytes.get(replacements);
        return new PrecompiledMap(units, replacements);
    }

    /** What the shortest known beginning of a text becomes; empty where none is known. */
    Optional<String> replacement(String text) {
        int at = offset(units[0]);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            at ^= b & 0xff;
            if (b == 0 || at >= units.length || label(units[at]) != (b & 0xff)) {
                return Optional.empty();
            }
            int unit = units[at];
            at ^= offset(unit);
            if ((unit >> 8 & 1) == 1) {
                return at < units.length ? replacementAt(units[at] & 0x7fffffff) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Optional<String> replacementAt(int from) {
        if (from > replacements.length) {
            return Optional.empty();
        }
        int end = from;
        while (end < replacements.length && replacements[end] != 0) {
            end++;
        }
        return Optional.of(new String(replacements, from, end - from, StandardCharsets.UTF_8));
    }

    private static int label(int unit) {
        return unit & (1 << 31 | 0xff);
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 1 << 9) >>> 6);
    }
}
