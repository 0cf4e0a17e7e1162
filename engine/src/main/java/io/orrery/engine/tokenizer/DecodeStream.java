package io.orrery.engine.tokenizer;

import java.util.function.IntFunction;

/** One decoding: tokens go into the decoder, and what came out since the last call is the answer. */
final class DecodeStream implements TokenStream {
    private final IntFunction<String> tokens;
    private final Budget budget = new Budget();
    private final StringBuilder certain = new StringBuilder();
    private final DecodeSink sink;
    private long taken;

    /** @param tokens the token of an id; empty where it is left out */
    DecodeStream(IntFunction<String> tokens, Decoder decoder) {
        this.tokens = tokens;
        this.sink = decoder.open(new Collector(), budget);
    }

    @Override
    public String push(int id) {
        String token = tokens.apply(id);
        if (!token.isEmpty()) {
            budget.extend(token.length());
            sink.take(token, true, true);
        }
        return drain();
    }

    @Override
    public String flush() {
        sink.end();
        return drain();
    }

    private String drain() {
        String text = certain.toString();
        certain.setLength(0);
        return text;
    }

    private final class Collector implements DecodeSink {
        @Override
        public void take(String text, boolean first, boolean last) {
            taken += text.length();
            budget.checkLength(taken);
            certain.append(text);
        }

        @Override
        public void end() {
            // What was taken is all there is.
        }
    }
}
