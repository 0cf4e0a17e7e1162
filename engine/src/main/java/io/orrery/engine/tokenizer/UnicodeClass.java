package io.orrery.engine.tokenizer;

import static java.lang.Character.COMBINING_SPACING_MARK;
import static java.lang.Character.CONNECTOR_PUNCTUATION;
import static java.lang.Character.DASH_PUNCTUATION;
import static java.lang.Character.DECIMAL_DIGIT_NUMBER;
import static java.lang.Character.ENCLOSING_MARK;
import static java.lang.Character.END_PUNCTUATION;
import static java.lang.Character.FINAL_QUOTE_PUNCTUATION;
import static java.lang.Character.INITIAL_QUOTE_PUNCTUATION;
import static java.lang.Character.LETTER_NUMBER;
import static java.lang.Character.NON_SPACING_MARK;
import static java.lang.Character.OTHER_NUMBER;
import static java.lang.Character.OTHER_PUNCTUATION;
import static java.lang.Character.START_PUNCTUATION;

/** Classes of characters as Rust's standard library and Hugging Face's tokenizers define them, where Java's differ. */
final class UnicodeClass {
    private static final int MARKS = 1 << NON_SPACING_MARK | 1 << ENCLOSING_MARK | 1 << COMBINING_SPACING_MARK;
    private static final int NUMBERS = 1 << DECIMAL_DIGIT_NUMBER | 1 << LETTER_NUMBER | 1 << OTHER_NUMBER;
    private static final int PUNCTUATION = 1 << CONNECTOR_PUNCTUATION
            | 1 << DASH_PUNCTUATION
            | 1 << START_PUNCTUATION
            | 1 << END_PUNCTUATION
            | 1 << INITIAL_QUOTE_PUNCTUATION
            | 1 << FINAL_QUOTE_PUNCTUATION
            | 1 << OTHER_PUNCTUATION;

    private UnicodeClass() {}

    /** The property White_Space; {@link Character#isWhitespace} leaves out U+00A0 and takes in U+001C to U+001F. */
    static boolean isWhiteSpace(int c) {
        return c >= '\t' && c <= '\r' || c == 0x85 || Character.isSpaceChar(c);
    }

    static boolean isMark(int c) {
        return has(MARKS, c);
    }

    static boolean isNumber(int c) {
        return has(NUMBERS, c);
    }

    /** Category P and what ASCII calls punctuation ({@code $ + < = > ^ ` | ~}): tokenizers, pre_tokenizers/punctuation.rs. */
    static boolean isPunctuation(int c) {
        return has(PUNCTUATION, c) || c < 128 && "$+<=>^`|~".indexOf(c) >= 0;
    }

    /** Control, format and private use: crate unicode_categories, {@code is_other}, which keeps what is not assigned. */
    static boolean isOther(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> true;
            default -> false;
        };
    }

    /** What {@code \w} matches: UTS 18, annex C. */
    static boolean isWord(int c) {
        return Character.isAlphabetic(c)
                || has(MARKS, c)
                || Character.isDigit(c)
                || Character.getType(c) == CONNECTOR_PUNCTUATION
                || c == 0x200C
                || c == 0x200D;
    }

    private static boolean has(int categories, int c) {
        return (categories >> Character.getType(c) & 1) != 0;
    }
}
