package io.orrery.engine.template;

import java.util.ArrayList;
import java.util.List;

/** Python's way with strings, where Java's differs. Positions and lengths are Java's; {@link Sequences} counts code points. */
final class PythonStrings {
    private PythonStrings() {}

    /** {@code str.isspace} of one character; all of Unicode's space is in the basic plane. */
    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /** Whether there is a character and all are space. */
    static boolean isSpace(String text) {
        return !text.isEmpty() && skipSpace(text, 0) == text.length();
    }

    static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static String strip(String text) {
        return stripLeft(stripRight(text));
    }

    static String stripLeft(String text) {
        return text.substring(skipSpace(text, 0));
    }

    static String stripRight(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Without the leading characters that occur in {@code set}. */
    static String stripLeft(String text, String set) {
        int at = 0;
        while (at < text.length() && set.indexOf(text.codePointAt(at)) >= 0) {
            at += Character.charCount(text.codePointAt(at));
        }
        return text.substring(at);
    }

    static String stripRight(String text, String set) {
        int end = text.length();
        while (end > 0 && set.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    /** {@code str.split(separator, most)}; a negative {@code most} is no limit. */
    static List<String> split(String text, String separator, long most) {
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && parts.size() != most; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    static List<String> splitFromRight(String text, String separator, long most) {
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        List<String> parts = new ArrayList<>();
        int to = text.length();
        while (parts.size() != most) {
            int at = to < separator.length() ? -1 : text.lastIndexOf(separator, to - separator.length());
            if (at < 0) {
                break;
            }
            parts.add(text.substring(at + separator.length(), to));
            to = at;
        }
        parts.add(text.substring(0, to));
        return parts.reversed();
    }

    /** {@code str.split()}: at runs of space, none at the ends. */
    static List<String> words(String text, long most) {
        List<String> parts = new ArrayList<>();
        int at = skipSpace(text, 0);
        while (at < text.length()) {
            if (parts.size() == most) {
                parts.add(stripRight(text.substring(at)));
                break;
            }
            int end = at;
            while (end < text.length() && !isSpace(text.charAt(end))) {
                end++;
            }
            parts.add(text.substring(at, end));
            at = skipSpace(text, end);
        }
        return parts;
    }

    static List<String> lines(String text, boolean keepEnds) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            if ("\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(text.charAt(at)) >= 0) {
                int end = text.startsWith("\r\n", at) ? at + 2 : at + 1;
                lines.add(text.substring(from, keepEnds ? end : at));
                from = end;
                at = end - 1;
            }
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    /** {@code str.replace}; a negative {@code most} replaces all. The result's length is bounded. */
    static String replace(String text, String old, String with, long most) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        long done = 0;
        int at = text.indexOf(old);
        while (at >= 0 && done != most) {
            out.append(text, from, at).append(with);
            Limits.text(out.length());
            done++;
            from = at + old.length();
            if (old.isEmpty()) {
                if (at == text.length()) {
                    break;
                }
                int next = at + Character.charCount(text.codePointAt(at));
                from = at;
                at = next;
            } else {
                at = text.indexOf(old, from);
            }
        }
        return out.append(text, from, text.length()).toString();
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        String upper = Character.toString(Character.toTitleCase(text.codePointAt(0)));
        return upper + lower(text.substring(first));
    }

    /** {@code str.title}: a letter after a letter is small, any other is large. */
    static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inWord = false;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int c = text.codePointAt(at);
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return out.toString();
    }

    static String swapCase(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> out.appendCodePoint(
                        Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c)));
        return out.toString();
    }

    static String upper(String text) {
        return text.toUpperCase(java.util.Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(java.util.Locale.ROOT);
    }
}
