package io.orrery.engine.tokenizer;

import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;

/** Rewrites a text before it is split (tokenizers, normalizers/). Immutable. */
sealed interface Normalizer {
    String normalize(String text, Budget budget);

    /** One after another. */
    record Sequence(List<Normalizer> steps) implements Normalizer {
        @Override
        public String normalize(String text, Budget budget) {
            String result = text;
            for (Normalizer step : steps) {
                budget.spend(result.length());
                result = step.normalize(result, budget);
            }
            return result;
        }
    }

    /** NFC, NFD, NFKC or NFKD. */
    record Unicode(Form form) implements Normalizer {
        /** The JDK sorts the marks of a base by insertion: the square of their number. */
        private static final int MAX_MARKS = 2048;

        @Override
        public String normalize(String text, Budget budget) {
            checkMarks(text);
            return java.text.Normalizer.normalize(text, form);
        }

        private static void checkMarks(String text) {
            int marks = 0;
            for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
                c = text.codePointAt(i);
                marks = c >= 0x300 && UnicodeClass.isMark(c) ? marks + 1 : 0;
                if (marks > MAX_MARKS) {
                    throw new TokenizerException("more than " + MAX_MARKS
                            + " combining marks follow one another at character " + i + " of the text; remove them");
                }
            }
        }
    }

    /** Character by character, so that a final sigma is like any other. */
    record Lowercase() implements Normalizer {
        @Override
        public String normalize(String text, Budget budget) {
            StringBuilder out = new StringBuilder(text.length());
            text.codePoints().forEach(c -> {
                if (c < 128) {
                    out.append((char) Character.toLowerCase(c));
                } else {
                    out.append(Character.toString(c).toLowerCase(Locale.ROOT));
                }
            });
            return out.toString();
        }
    }

    /** Every match becomes {@code content}. */
    record Replace(TextPattern pattern, String content) implements Normalizer {
        @Override
        public String normalize(String text, Budget budget) {
            List<Span> spans = pattern.spans(text, budget);
            StringBuilder out = new StringBuilder(text.length());
            for (Span span : spans) {
                if (span.matched()) {
                    budget.checkLength((long) out.length() + content.length());
                    out.append(content);
                } else {
                    out.append(text, span.start(), span.end());
                }
            }
            return out.toString();
        }
    }

    /** Puts something before a text that is not empty. */
    record Prepend(String content) implements Normalizer {
        @Override
        public String normalize(String text, Budget budget) {
            budget.checkLength((long) text.length() + content.length());
            return text.isEmpty() ? text : content + text;
        }
    }

    /** Removes white space at the ends. */
    record Strip(boolean left, boolean right) implements Normalizer {
        @Override
        public String normalize(String text, Budget budget) {
            int start = 0;
            int end = text.length();
            // White space is never a surrogate pair.
            while (left && start < end && UnicodeClass.isWhiteSpace(text.charAt(start))) {
                start++;
            }
            while (right && end > start && UnicodeClass.isWhiteSpace(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(start, end);
        }
    }

    /** Removes combining marks; NFD before it takes them off their letters. */
    record StripAccents() implements Normalizer {
        @Override
        public String normalize(String text, Budget budget) {
            StringBuilder out = new StringBuilder(text.length());
            text.codePoints().filter(c -> !UnicodeClass.isMark(c)).forEach(out::appendCodePoint);
            return out.toString();
        }
    }

    /** UTF-8 bytes as the characters of {@link ByteLevelAlphabet}. */
    record ByteLevel() implements Normalizer {
        @Override
        public String normalize(String text, Budget budget) {
            budget.checkLength(3L * text.length());
            return ByteLevelAlphabet.encode(text);
        }
    }
}
