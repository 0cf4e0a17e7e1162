package io.orrery.engine.tokenizer;

/** A sink that needs a token whole: gathers its parts. */
abstract class WholeTokens implements DecodeSink {
    private final StringBuilder parts = new StringBuilder();

    abstract void token(String text);

    @Override
    public final void take(String text, boolean first, boolean last) {
        if (first && last) {
            token(text);
            return;
        }
        parts.append(text);
        if (last) {
            String whole = parts.toString();
            parts.setLength(0);
            token(whole);
        }
    }
}
