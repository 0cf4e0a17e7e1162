package io.orrery.engine.tokenizer;

/** The one token that a fusing decoder hands on, part by part. */
final class FusedToken {
    private final DecodeSink to;
    private boolean begun;

    FusedToken(DecodeSink to) {
        this.to = to;
    }

    void part(String text) {
        if (!text.isEmpty()) {
            to.take(text, !begun, false);
            begun = true;
        }
    }

    void end() {
        to.take("", !begun, true);
        to.end();
    }
}
