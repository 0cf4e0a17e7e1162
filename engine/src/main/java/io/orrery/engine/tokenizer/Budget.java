package io.orrery.engine.tokenizer;

/**
 * The work that one text may cost. Patterns and replacements come from files that anyone may have written; a pattern that
 * backtracks without end, or replacements that blow a text up, end in a sentence instead of a hang. Confined to one thread.
 */
final class Budget {
    /** About a second of matching; the patterns of published tokenizers take 10 to 100 steps a character. */
    private static final long STEPS = 50_000_000;

    private static final long STEPS_PER_CHARACTER = 200;
    private static final long LENGTH = 1 << 20;

    /** NFKC writes 18 characters for U+FDFA; no published normalizer goes further. */
    private static final long LENGTH_PER_CHARACTER = 32;

    private long steps = STEPS;
    private long maxLength = LENGTH;

    static Budget of(String text) {
        Budget budget = new Budget();
        budget.extend(text.length());
        return budget;
    }

    /** Allows for more text. */
    void extend(int characters) {
        steps += STEPS_PER_CHARACTER * characters;
        maxLength += LENGTH_PER_CHARACTER * characters;
    }

    void spend(long count) {
        steps -= count;
        if (steps < 0) {
            throw new TokenizerException("a pattern of the tokenizer needs too many steps on this text;"
                    + " shorten the text, or use a tokenizer whose patterns do not backtrack");
        }
    }

    /** Checks a length that a text is about to have. */
    void checkLength(long characters) {
        if (characters > maxLength) {
            throw new TokenizerException("the tokenizer's replacements make this text longer than " + maxLength
                    + " characters; the file's normalizer or decoder is broken");
        }
    }
}
