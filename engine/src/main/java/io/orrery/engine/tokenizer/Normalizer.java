package io.orrery.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** SentencePiece's own rules, on what a reader takes for one character, then on each character in it. */
    record Precompiled(PrecompiledMap rules) implements Normalizer {
        private static final Pattern CLUSTER = Pattern.compile("\\X");
        private static final int LONGEST_CLUSTER = 5;

        @Override
        public String normalize(String text, Budget budget) {
            StringBuilder out = new StringBuilder(text.length());
            Matcher clusters = CLUSTER.matcher(new BoundedText(text, budget));
            while (clusters.find()) {
                String cluster = text.substring(clusters.start(), clusters.end());
                Optional<String> whole = cluster.getBytes(StandardCharsets.UTF_8).length <= LONGEST_CLUSTER
                        ? rules.replacement(cluster)
                        : Optional.empty();
                if (whole.isPresent()) {
                    out.append(whole.get());
                } else {
                    cluster.codePoints()
                            .mapToObj(Character::toString)
                            .forEach(c -> out.append(rules.replacement(c).orElse(c)));
                }
                budget.checkLength(out.length());
            }
            return out.toString();
        }
    }

    /** Control characters out, other white space to spaces (tokenizers, normalizers/unicode.rs, {@code do_nmt}). */
    record Nmt() implements Normalizer {
        @Override
        public String normalize(String text, Budget budget) {
            StringBuilder out = new StringBuilder(text.length());
            text.codePoints().filter(c -> !isDropped(c)).forEach(c -> out.appendCodePoint(isSpace(c) ? ' ' : c));
            return out.toString();
        }

        private static boolean isDropped(int c) {
            return c >= 1 && c <= 8 || c == 0xb || c >= 0xe && c <= 0x1f || c == 0x7f || c == 0x8f || c == 0x9f;
        }

        private static boolean isSpace(int c) {
            return switch (c) {
                case 0x9, 0xa, 0xc, 0xd, 0x1680, 0x2028, 0x2029, 0x2581, 0xfeff, 0xfffd -> true;
                default -> c >= 0x200b && c <= 0x200f;
            };
        }
    }

    /** BERT's: cleaned, ideographs apart, accents off, in lower case (tokenizers, normalizers/bert.rs). */
    record Bert(boolean cleanText, boolean chineseCharacters, boolean stripAccents, boolean lowercase)
            implements Normalizer {
        @Override
        public String normalize(String text, Budget budget) {
            String result = cleanText ? cleaned(text) : text;
            if (chineseCharacters) {
                budget.checkLength(3L * result.length());
                result = apart(result);
            }
            if (stripAccents) {
                result = withoutMarks(new Unicode(Form.NFD).normalize(result, budget));
            }
            return lowercase ? new Lowercase().normalize(result, budget) : result;
        }

        private static String cleaned(String text) {
            StringBuilder out = new StringBuilder(text.length());
            text.codePoints().forEach(c -> {
                // a line end that is a control character is dropped, but for the usual three
                boolean isUsual = c == '\t' || c == '\n' || c == '\r';
                if (isUsual || c != 0xfffd && !UnicodeClass.isOther(c)) {
                    out.appendCodePoint(UnicodeClass.isWhiteSpace(c) ? ' ' : c);
                }
            });
            return out.toString();
        }

        private static String apart(String text) {
            StringBuilder out = new StringBuilder(text.length());
            text.codePoints().forEach(c -> {
                if (isIdeograph(c)) {
                    out.append(' ').appendCodePoint(c).append(' ');
                } else {
                    out.appendCodePoint(c);
                }
            });
            return out.toString();
        }

        private static boolean isIdeograph(int c) {
            return c >= 0x4e00 && c <= 0x9fff
                    || c >= 0x3400 && c <= 0x4dbf
                    || c >= 0x20000 && c <= 0x2a6df
                    || c >= 0x2a700 && c <= 0x2b81f
                    || c >= 0x2b920 && c <= 0x2ceaf
                    || c >= 0xf900 && c <= 0xfaff
                    || c >= 0x2f800 && c <= 0x2fa1f;
        }

        private static String withoutMarks(String text) {
            StringBuilder out = new StringBuilder(text.length());
            text.codePoints()
                    .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                    .forEach(out::appendCodePoint);
            return out.toString();
        }
    }
}
