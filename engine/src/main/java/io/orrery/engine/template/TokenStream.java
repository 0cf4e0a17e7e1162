package io.orrery.engine.template;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tokens yet to be parsed, how deep the parser is in them, and the names it has read. */
final class TokenStream {
    private final List<Token> tokens;
    private int position;
    private int depth;
    private Set<String> names = new HashSet<>();

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    Token peek() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        if (!token.is(Token.Kind.END)) {
            position++;
        }
        return token;
    }

    boolean skipOperator(String operator) {
        boolean found = current().isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        if (found) {
            next();
        }
        return found;
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    Token expect(Token.Kind kind, String described) {
        if (!current().is(kind)) {
            throw unexpected(described);
        }
        return next();
    }

    TemplateException unexpected(String wanted) {
        return failure("found " + current().described() + " where " + wanted + " belongs");
    }

    TemplateException failure(String reason) {
        return new TemplateException(reason, current().line());
    }

    void enter() {
        if (++depth > Limits.NESTING) {
            throw failure("it is nested deeper than " + Limits.NESTING);
        }
    }

    void leave() {
        depth--;
    }

    void sawName(String name) {
        names.add(name);
    }

    /** Begins a collection of the names read from here on; {@link #endNames} gives it and goes back to {@code outer}. */
    Set<String> beginNames() {
        Set<String> outer = names;
        names = new HashSet<>();
        return outer;
    }

    Set<String> endNames(Set<String> outer) {
        Set<String> collected = names;
        outer.addAll(collected);
        names = outer;
        return collected;
    }
}
