package io.orrery.engine.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Cuts the inside of one tag into names, strings, numbers and operators. Source: jinja2 3.1.6 {@code lexer.py}. */
final class TagLexer {
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

    private final String source;
    private final String close;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<Character> open = new ArrayDeque<>();
    private int position;
    private int line;
    private char endSign = ' ';

    TagLexer(String source, int from, int line, String close) {
        this.source = source;
        this.position = from;
        this.line = line;
        this.close = close;
    }

    List<Token> scan() {
        while (true) {
            skipSpace();
            if (position >= source.length()) {
                throw new TemplateException("the tag that begins here has no '" + close + "'", line);
            }
            if (open.isEmpty() && atEnd()) {
                return tokens;
            }
            next();
        }
    }

    /** Index after the tag's end. */
    int end() {
        return position;
    }

    /** The {@code -} or {@code +} before the tag's end, else a space. */
    char endSign() {
        return endSign;
    }

    private void skipSpace() {
        int end = PythonStrings.skipSpace(source, position);
        for (; position < end; position++) {
            line += source.charAt(position) == '\n' ? 1 : 0;
        }
    }

    private boolean atEnd() {
        char sign = source.charAt(position);
        boolean signed = sign == '-' || (sign == '+' && close.equals("%}"));
        int at = signed ? position + 1 : position;
        if (!source.startsWith(close, at)) {
            return false;
        }
        endSign = signed ? sign : ' ';
        position = at + close.length();
        return true;
    }

    private void next() {
        char c = source.charAt(position);
        if (c == '"' || c == '\'') {
            string(c);
        } else if (c >= '0' && c <= '9') {
            number();
        } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            int from = position;
            while (position < source.length() && isNamePart(source.charAt(position))) {
                position++;
            }
            add(Token.Kind.NAME, source.substring(from, position));
        } else {
            operator(c);
        }
    }

    private static boolean isNamePart(char c) {
        return c == '_' || (Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private void string(char quote) {
        int from = position + 1;
        int at = from;
        while (at < source.length() && source.charAt(at) != quote) {
            at += source.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= source.length()) {
            throw new TemplateException("the string that begins here has no closing " + quote, line);
        }
        String raw = source.substring(from, at);
        position = at + 1;
        try {
            add(Token.Kind.STRING, StringLiteral.unescape(raw));
        } catch (TemplateException malformed) {
            throw malformed.at(line);
        }
        line += (int) raw.chars().filter(c -> c == '\n').count();
    }

    private void number() {
        int from = position;
        if (source.charAt(position) == '0' && radix(from + 1) != 10) {
            position += 2;
            digits(16);
            add(Token.Kind.INTEGER, source.substring(from, position));
            return;
        }
        digits(10);
        boolean decimal = false;
        boolean afterDot = from > 0 && source.charAt(from - 1) == '.';
        if (!afterDot && at(position) == '.' && isDigit(at(position + 1))) {
            position++;
            digits(10);
            decimal = true;
        }
        int exponent = at(position) == 'e' || at(position) == 'E' ? position + 1 : -1;
        if (exponent > 0 && (at(exponent) == '+' || at(exponent) == '-')) {
            exponent++;
        }
        if (!afterDot && exponent > 0 && isDigit(at(exponent))) {
            position = exponent;
            digits(10);
            decimal = true;
        }
        add(decimal ? Token.Kind.DECIMAL : Token.Kind.INTEGER, source.substring(from, position));
    }

    private int radix(int index) {
        return switch (at(index)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    private char at(int index) {
        return index < source.length() ? source.charAt(index) : ' ';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void digits(int radix) {
        while (at(position) == '_' || (at(position) < 128 && Character.digit(at(position), radix) >= 0)) {
            position++;
        }
    }

    private void operator(char c) {
        String two = source.substring(position, Math.min(position + 2, source.length()));
        String found = LONG_OPERATORS.contains(two) ? two : String.valueOf(c);
        if (OPERATORS.indexOf(c) < 0 && found.length() == 1) {
            throw new TemplateException("the character '" + c + "' means nothing inside a tag", line);
        }
        balance(c);
        add(Token.Kind.OPERATOR, found);
        position += found.length();
    }

    private void balance(char c) {
        switch (c) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != c) {
                    throw new TemplateException("a '" + c + "' closes what was not opened", line);
                }
            }
            default -> {}
        }
    }
}
