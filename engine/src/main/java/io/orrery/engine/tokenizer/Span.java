package io.orrery.engine.tokenizer;

/** Characters {@code start} to {@code end} of a text, which a pattern matched or left between matches. */
record Span(int start, int end, boolean matched) {
    Span inverted() {
        return new Span(start, end, !matched);
    }

    Span until(int newEnd) {
        return new Span(start, newEnd, matched);
    }

    Span from(int newStart) {
        return new Span(newStart, end, matched);
    }
}
