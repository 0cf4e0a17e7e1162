package io.orrery.engine.tokenizer;

/** A text whose every read is counted, so that a regular expression over it ends: {@link java.util.regex} has no limit itself. */
final class BoundedText implements CharSequence {
    private static final int BATCH = 1024;

    private final String text;
    private final Budget budget;
    private int reads;

    BoundedText(String text, Budget budget) {
        this.text = text;
        this.budget = budget;
    }

    @Override
    public char charAt(int index) {
        if (++reads == BATCH) {
            budget.spend(reads);
            reads = 0;
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
