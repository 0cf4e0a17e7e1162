package io.orrery.engine.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something to look for in a text. */
sealed interface TextPattern {
    /** Matches and what lies between them, in order, covering the text. */
    List<Span> spans(String text, Budget budget);

    /** A fixed text, or, as in tokenizers, the empty one between any two characters. */
    static TextPattern literal(String value) {
        return value.isEmpty() ? Regex.of("") : new Literal(value);
    }

    /** A fixed text that is not empty. */
    record Literal(String value) implements TextPattern {
        @Override
        public List<Span> spans(String text, Budget budget) {
            SpanList spans = new SpanList();
            for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length())) {
                spans.match(at, at + value.length());
            }
            return spans.end(text.length());
        }
    }

    /** Every character of a class is a match of its own. */
    record CharacterClass(IntPredicate contains) implements TextPattern {
        @Override
        public List<Span> spans(String text, Budget budget) {
            SpanList spans = new SpanList();
            for (int i = 0, next; i < text.length(); i = next) {
                int c = text.codePointAt(i);
                next = i + Character.charCount(c);
                if (contains.test(c)) {
                    spans.match(i, next);
                }
            }
            return spans.end(text.length());
        }
    }

    /** A regular expression of a file, as {@link RegexTranslation} made it. */
    record Regex(Pattern pattern) implements TextPattern {
        static Regex of(String source) {
            return new Regex(RegexTranslation.compile(source));
        }

        @Override
        public List<Span> spans(String text, Budget budget) {
            SpanList spans = new SpanList();
            Matcher matcher = pattern.matcher(new BoundedText(text, budget));
            try {
                while (matcher.find()) {
                    if (!isInsidePair(text, matcher.start())) {
                        spans.match(matcher.start(), matcher.end());
                    }
                }
            } catch (StackOverflowError deep) {
                throw new TokenizerException(
                        "the pattern " + pattern + " recurses too deeply on a text of " + text.length() + " characters",
                        deep);
            }
            return spans.end(text.length());
        }
    }

    /** Java finds nothing, as a match, between the two surrogates of one character too. */
    private static boolean isInsidePair(String text, int at) {
        return at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
    }

    /** Collects matches and fills the gaps. */
    final class SpanList {
        private final List<Span> spans = new ArrayList<>();
        private int last;

        private void match(int start, int end) {
            if (last < start) {
                spans.add(new Span(last, start, false));
            }
            spans.add(new Span(start, end, true));
            last = end;
        }

        private List<Span> end(int length) {
            if (last < length) {
                spans.add(new Span(last, length, false));
            }
            return spans;
        }
    }
}
