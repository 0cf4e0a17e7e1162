package io.orrery.engine.tokenizer;

/**
 * Bytes to text as they come. An incomplete character is kept; wrong bytes become U+FFFD as the Unicode Standard recommends
 * (15.0, section 3.9, "U+FFFD Substitution of Maximal Subparts"): Rust does so, and Java only nearly, as for surrogates. Confined
 * to one thread.
 */
final class Utf8Assembler {
    private static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    /** Bytes that the character begun still needs, and what the next of them may be. */
    private int needed;

    private int lowest;
    private int highest;

    /** The characters that are complete now. */
    String append(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            append(b & 0xFF, out);
        }
        return out.toString();
    }

    /** What is left, as U+FFFD. */
    String end() {
        String rest = needed > 0 ? String.valueOf(REPLACEMENT) : "";
        needed = 0;
        return rest;
    }

    private void append(int b, StringBuilder out) {
        if (needed > 0 && (b < lowest || b > highest)) {
            out.append(REPLACEMENT);
            needed = 0;
        }
        if (needed == 0) {
            begin(b, out);
            return;
        }
        codePoint = codePoint << 6 | b & 0x3F;
        lowest = 0x80;
        highest = 0xBF;
        if (--needed == 0) {
            out.appendCodePoint(codePoint);
        }
    }

    /** Table 3-7, "Well-Formed UTF-8 Byte Sequences". */
    private void begin(int b, StringBuilder out) {
        lowest = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        highest = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
        if (b < 0x80) {
            out.append((char) b);
        } else if (b >= 0xC2 && b < 0xE0) {
            needed = 1;
            codePoint = b & 0x1F;
        } else if (b >= 0xE0 && b < 0xF0) {
            needed = 2;
            codePoint = b & 0x0F;
        } else if (b >= 0xF0 && b < 0xF5) {
            needed = 3;
            codePoint = b & 0x07;
        } else {
            out.append(REPLACEMENT);
        }
    }
}
