package io.orrery.hub;

/** Bytes of a file from one position up to another, which is not among them. */
record Span(long from, long to) {
    Span {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no bytes lie from " + from + " to " + to);
        }
    }

    long length() {
        return to - from;
    }

    Span startingAt(long position) {
        return new Span(position, to);
    }
}
