package io.orrery.engine.tokenizer;

import java.util.List;

/** Makes text of tokens (tokenizers, decoders/). The records are immutable; what {@link #open} gives is one decoding. */
sealed interface Decoder {
    /** A sink that decodes tokens and writes to another. */
    DecodeSink open(DecodeSink to, Budget budget);

    /** One after another. */
    record Sequence(List<Decoder> steps) implements Decoder {
        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            DecodeSink sink = to;
            for (Decoder step : steps.reversed()) {
                sink = step.open(sink, budget);
            }
            return sink;
        }
    }

    /** Without a decoder: the tokens with spaces between them. */
    record Spaced() implements Decoder {
        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            return new WholeTokens() {
                private String space = "";

                @Override
                void token(String text) {
                    to.take(space + text, true, true);
                    space = " ";
                }

                @Override
                public void end() {
                    to.end();
                }
            };
        }
    }

    /** The characters of {@link ByteLevelAlphabet} as bytes, all tokens as one. */
    record ByteLevel() implements Decoder {
        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            FusedToken fused = new FusedToken(to);
            Utf8Assembler text = new Utf8Assembler();
            return new WholeTokens() {
                @Override
                void token(String token) {
                    fused.part(text.append(ByteLevelAlphabet.decode(token)));
                }

                @Override
                public void end() {
                    fused.part(text.end());
                    fused.end();
                }
            };
        }
    }

    /** {@code <0x0A>} and its like as bytes. */
    record ByteFallback() implements Decoder {
        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            return new ByteFallbackSink(to);
        }
    }

    /** All tokens as one. */
    record Fuse() implements Decoder {
        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            FusedToken fused = new FusedToken(to);
            return new DecodeSink() {
                @Override
                public void take(String text, boolean first, boolean last) {
                    fused.part(text);
                }

                @Override
                public void end() {
                    fused.end();
                }
            };
        }
    }

    /** In every token, each match becomes {@code content}. */
    record Replace(TextPattern pattern, String content) implements Decoder {
        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            Normalizer replace = new Normalizer.Replace(pattern, content);
            if (pattern instanceof TextPattern.Literal literal
                    && literal.value().length() == 1) {
                return new DecodeSink() {
                    @Override
                    public void take(String text, boolean first, boolean last) {
                        to.take(replace.normalize(text, budget), first, last);
                    }

                    @Override
                    public void end() {
                        to.end();
                    }
                };
            }
            return new WholeTokens() {
                @Override
                void token(String text) {
                    to.take(replace.normalize(text, budget), true, true);
                }

                @Override
                public void end() {
                    to.end();
                }
            };
        }
    }

    /** Takes up to {@code start} times {@code content}, one character, off a token's beginning and up to {@code stop} off its end. */
    record Strip(int content, int start, int stop) implements Decoder {
        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            return new StripSink(this, to);
        }
    }

    /** {@code replacement} as space; the one that was put before the text is left out. */
    record Metaspace(String replacement, boolean prepended) implements Decoder {
        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            return new DecodeSink() {
                private int tokens;

                @Override
                public void take(String text, boolean first, boolean last) {
                    tokens += first ? 1 : 0;
                    to.take(text.replace(replacement, prepended && tokens == 1 ? "" : " "), first, last);
                }

                @Override
                public void end() {
                    to.end();
                }
            };
        }
    }

    /** {@code suffix} marks a word's end: a space, and nothing in the last token. */
    record WordSuffix(String suffix) implements Decoder {
        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            return new WordSuffixSink(suffix, to);
        }
    }

    /** {@code prefix} joins a token to the one before, others are words of their own; English spacing may be tidied. */
    record WordPiece(String prefix, boolean cleanup) implements Decoder {
        private static final String[][] TIDIED = {
            {" .", "."},
            {" ?", "?"},
            {" !", "!"},
            {" ,", ","},
            {" ' ", "'"},
            {" n't", "n't"},
            {" 'm", "'m"},
            {" do not", " don't"},
            {" 's", "'s"},
            {" 've", "'ve"},
            {" 're", "'re"}
        };

        @Override
        public DecodeSink open(DecodeSink to, Budget budget) {
            return new WholeTokens() {
                private boolean isFirst = true;

                @Override
                void token(String text) {
                    String joined = isFirst ? text : joined(text);
                    isFirst = false;
                    to.take(cleanup ? tidied(joined) : joined, true, true);
                }

                @Override
                public void end() {
                    to.end();
                }
            };
        }

        private String joined(String token) {
            return token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
        }

        private static String tidied(String token) {
            String result = token;
            for (String[] pair : TIDIED) {
                result = result.replace(pair[0], pair[1]);
            }
            return result;
        }
    }
}
