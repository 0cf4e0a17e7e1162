package io.orrery.engine.template;

/** The text that a string literal stands for. */
final class StringLiteral {
    private StringLiteral() {}

    /** A string literal's text without its escapes, as Python reads them; an unknown escape stays as it is. */
    static String unescape(String raw) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length());
        int at = 0;
        while (at < raw.length()) {
            char c = raw.charAt(at);
            if (c != '\\' || at + 1 == raw.length()) {
                out.append(c);
                at++;
            } else {
                at = escape(raw, at + 1, out);
            }
        }
        return out.toString();
    }

    private static int escape(String raw, int at, StringBuilder out) {
        char c = raw.charAt(at);
        int simple = "nrtabfv\\'\"".indexOf(c);
        if (simple >= 0) {
            out.append("\n\r\t\u0007\b\f\u000b\\'\"".charAt(simple));
            return at + 1;
        }
        return switch (c) {
            case '\n' -> at + 1;
            case 'x' -> codePoint(raw, at + 1, 2, out);
            case 'u' -> codePoint(raw, at + 1, 4, out);
            case 'U' -> codePoint(raw, at + 1, 8, out);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(raw, at, out);
            default -> {
                out.append('\\').append(c);
                yield at + 1;
            }
        };
    }

    private static int codePoint(String raw, int from, int digits, StringBuilder out) {
        int end = from + digits;
        int value = 0;
        for (int at = from; at < end; at++) {
            int digit = at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                throw new TemplateException("a string has a truncated escape '\\" + raw.charAt(from - 1) + "'");
            }
            value = value * 16 + digit;
        }
        if (!Character.isValidCodePoint(value)) {
            throw new TemplateException("a string has an escape beyond Unicode's last character");
        }
        out.appendCodePoint(value);
        return end;
    }

    private static int octal(String raw, int from, StringBuilder out) {
        int at = from;
        int value = 0;
        while (at < raw.length() && at < from + 3 && raw.charAt(at) >= '0' && raw.charAt(at) <= '7') {
            value = value * 8 + raw.charAt(at++) - '0';
        }
        out.append((char) value);
        return at;
    }
}
