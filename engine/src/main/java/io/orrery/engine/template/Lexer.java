package io.orrery.engine.template;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into text and tags, with {@code trim_blocks} and {@code lstrip_blocks} on and one trailing newline
 * dropped, as chat templates are read. Source of the rules: jinja2 3.1.6 {@code lexer.py}, {@code Lexer.tokeniter}.
 */
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int counted;

    private Lexer(String source) {
        this.source = source;
    }

    /** @throws TemplateException with the line of a tag, comment or string that does not end */
    static List<Token> scan(String source) {
        String text = source.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        lexer.scanAll();
        return lexer.tokens;
    }

    private void scanAll() {
        while (position < source.length()) {
            int at = nextTag(position);
            if (at < 0) {
                text(source.substring(position));
                position = source.length();
            } else {
                boolean block = source.charAt(at + 1) != '{';
                text(withoutTrailing(position, at, signAt(at + 2), block));
                tag(at);
            }
        }
        tokens.add(new Token(Token.Kind.END, "", lineAt(position)));
    }

    private int nextTag(int from) {
        for (int at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
            if (at + 1 < source.length() && "{%#".indexOf(source.charAt(at + 1)) >= 0) {
                return at;
            }
        }
        return -1;
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(Token.Kind.TEXT, text, lineAt(position)));
        }
    }

    /** The text before a tag at {@code to}: a {@code -} takes all space away, a block tag the indent of its own line. */
    private String withoutTrailing(int from, int to, char sign, boolean block) {
        String text = source.substring(from, to);
        if (sign == '-') {
            return PythonStrings.stripRight(text);
        }
        if (sign == '+' || !block) {
            return text;
        }
        int start = text.lastIndexOf('\n') + 1;
        boolean atLineStart = start > 0 || from == 0 || source.charAt(from - 1) == '\n';
        return atLineStart && PythonStrings.isSpace(text.substring(start)) ? text.substring(0, start) : text;
    }

    private char signAt(int index) {
        char sign = index < source.length() ? source.charAt(index) : ' ';
        return sign == '-' || sign == '+' ? sign : ' ';
    }

    private void tag(int at) {
        int inside = at + (signAt(at + 2) == ' ' ? 2 : 3);
        switch (source.charAt(at + 1)) {
            case '#' -> comment(at);
            case '{' -> scanTag(new Token(Token.Kind.OUTPUT_BEGIN, "{{", lineAt(at)), inside);
            default -> {
                int raw = rawBegin(inside);
                if (raw < 0) {
                    scanTag(new Token(Token.Kind.BLOCK_BEGIN, "{%", lineAt(at)), inside);
                } else {
                    raw(raw);
                }
            }
        }
    }

    private void comment(int at) {
        int end = source.indexOf("#}", at + 2);
        if (end < 0) {
            throw new TemplateException("the comment that begins here has no '#}'", lineAt(at));
        }
        position = afterEnd(end > at + 2 ? source.charAt(end - 1) : ' ', end + 2);
    }

    /** Where the text goes on after an end tag: {@code -} eats all space, {@code +} nothing, else one newline goes. */
    private int afterEnd(char sign, int from) {
        if (sign == '-') {
            return PythonStrings.skipSpace(source, from);
        }
        boolean newline = from < source.length() && source.charAt(from) == '\n';
        return sign != '+' && newline ? from + 1 : from;
    }

    /** Where the text of a raw block begins, or -1 where the tag is another. */
    private int rawBegin(int inside) {
        int at = PythonStrings.skipSpace(source, inside);
        if (!source.startsWith("raw", at)) {
            return -1;
        }
        int end = PythonStrings.skipSpace(source, at + 3);
        if (source.startsWith("-%}", end)) {
            return PythonStrings.skipSpace(source, end + 3);
        }
        return source.startsWith("%}", end) ? end + 2 : -1;
    }

    private void raw(int from) {
        for (int at = source.indexOf("{%", from); at >= 0; at = source.indexOf("{%", at + 2)) {
            char sign = signAt(at + 2);
            int name = PythonStrings.skipSpace(source, at + (sign == ' ' ? 2 : 3));
            if (source.startsWith("endraw", name)) {
                int end = PythonStrings.skipSpace(source, name + 6);
                char endSign = signAt(end);
                int close = endSign == ' ' ? end : end + 1;
                if (source.startsWith("%}", close)) {
                    position = from;
                    text(withoutTrailing(from, at, sign, true));
                    position = afterEnd(endSign, close + 2);
                    return;
                }
            }
        }
        throw new TemplateException("the raw block that begins here has no endraw", lineAt(from));
    }

    private void scanTag(Token begin, int inside) {
        tokens.add(begin);
        boolean output = begin.is(Token.Kind.OUTPUT_BEGIN);
        TagLexer tag = new TagLexer(source, inside, begin.line(), output ? "}}" : "%}");
        tokens.addAll(tag.scan());
        int end = tag.end();
        char sign = tag.endSign();
        position = output ? (sign == '-' ? PythonStrings.skipSpace(source, end) : end) : afterEnd(sign, end);
        Token.Kind kind = output ? Token.Kind.OUTPUT_END : Token.Kind.BLOCK_END;
        tokens.add(new Token(kind, "", lineAt(end)));
    }

    /** The line of an index; indexes are asked for in rising order, or nearly so. */
    private int lineAt(int index) {
        if (index < counted) {
            return line
                    - (int) source.substring(index, counted)
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
        }
        for (; counted < index; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }
}
