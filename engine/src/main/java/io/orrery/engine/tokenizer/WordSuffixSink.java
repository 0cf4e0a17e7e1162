package io.orrery.engine.tokenizer;

import org.jspecify.annotations.Nullable;

/** Holds one token back, as the last one ends without a space (tokenizers, decoders/bpe.rs). */
final class WordSuffixSink extends WholeTokens {
    private final String suffix;
    private final DecodeSink to;
    private @Nullable String held;

    WordSuffixSink(String suffix, DecodeSink to) {
        this.suffix = suffix;
        this.to = to;
    }

    @Override
    void token(String text) {
        release(" ");
        held = text;
    }

    @Override
    public void end() {
        release("");
        to.end();
    }

    private void release(String replacement) {
        if (held != null) {
            to.take(suffix.isEmpty() ? held : held.replace(suffix, replacement), true, true);
        }
    }
}
