package io.orrery.engine.tokenizer;

import java.util.List;
import java.util.function.Consumer;

/** Splits a text into the pieces that the model sees one at a time (tokenizers, pre_tokenizers/). Immutable. */
sealed interface PreTokenizer {
    /** Hands the parts on in order; empty ones are left out. */
    void split(Piece piece, Budget budget, Consumer<Piece> to);

    /** Each step splits the pieces of the one before. */
    record Sequence(List<PreTokenizer> steps) implements PreTokenizer {
        @Override
        public void split(Piece piece, Budget budget, Consumer<Piece> to) {
            splitFrom(0, piece, budget, to);
        }

        private void splitFrom(int step, Piece piece, Budget budget, Consumer<Piece> to) {
            if (step == steps.size()) {
                to.accept(piece);
            } else {
                budget.spend(piece.text().length());
                steps.get(step).split(piece, budget, part -> splitFrom(step + 1, part, budget, to));
            }
        }
    }

    /** Splits where a pattern matches, or where it does not. */
    record Split(TextPattern pattern, SplitBehavior behavior, boolean invert) implements PreTokenizer {
        @Override
        public void split(Piece piece, Budget budget, Consumer<Piece> to) {
            List<Span> spans = pattern.spans(piece.text(), budget);
            if (invert) {
                spans = spans.stream().map(Span::inverted).toList();
            }
            for (Span span : behavior.arrange(spans)) {
                if (span.start() < span.end()) {
                    to.accept(piece.part(span.start(), span.end()));
                }
            }
        }
    }

    /** GPT-2's splitting and its bytes as characters. */
    record ByteLevel(boolean addPrefixSpace, boolean useRegex) implements PreTokenizer {
        private static final Split WORDS =
                new Split(TextPattern.Regex.of(SplitPatterns.GPT2), SplitBehavior.ISOLATED, false);

        @Override
        public void split(Piece piece, Budget budget, Consumer<Piece> to) {
            Piece whole = piece;
            if (addPrefixSpace && !piece.text().startsWith(" ")) {
                whole = new Piece(" " + piece.text(), piece.atStart());
            }
            Consumer<Piece> bytes = part -> to.accept(new Piece(ByteLevelAlphabet.encode(part.text()), part.atStart()));
            if (useRegex) {
                WORDS.split(whole, budget, bytes);
            } else {
                bytes.accept(whole);
            }
        }
    }

    /** Spaces become {@code replacement}, one more is put in front, and words may be split before it. */
    record Metaspace(String replacement, PrependScheme prepend, boolean split) implements PreTokenizer {
        /** Which pieces get a replacement in front of them. */
        enum PrependScheme {
            ALWAYS,
            FIRST,
            NEVER
        }

        @Override
        public void split(Piece piece, Budget budget, Consumer<Piece> to) {
            String text = piece.text().replace(" ", replacement);
            if (isPrepended(piece) && !text.startsWith(replacement)) {
                text = replacement + text;
            }
            Piece whole = new Piece(text, piece.atStart());
            if (split) {
                TextPattern pattern = new TextPattern.Literal(replacement);
                new Split(pattern, SplitBehavior.MERGED_WITH_NEXT, false).split(whole, budget, to);
            } else {
                to.accept(whole);
            }
        }

        private boolean isPrepended(Piece piece) {
            return switch (prepend) {
                case ALWAYS -> true;
                case FIRST -> piece.atStart();
                case NEVER -> false;
            };
        }
    }

    /** So many characters a piece, the last one shorter. */
    record FixedLength(int length) implements PreTokenizer {
        @Override
        public void split(Piece piece, Budget budget, Consumer<Piece> to) {
            String text = piece.text();
            for (int start = 0; start < text.length(); ) {
                int left = text.codePointCount(start, text.length());
                int end = left <= length ? text.length() : text.offsetByCodePoints(start, length);
                to.accept(piece.part(start, end));
                start = end;
            }
        }
    }
}
