package io.orrery.engine.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses literals, names, subscripts and arguments. Source: jinja2 3.1.6 {@code parser.py}, {@code parse_primary} on. */
final class PrimaryParser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;

    PrimaryParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expression primary() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> name(tokens.next().text());
            case STRING -> string();
            case INTEGER -> new Expression.Literal(integer(tokens.next()));
            case DECIMAL -> new Expression.Literal(new Value.Decimal(decimal(tokens.next())));
            case OPERATOR -> bracketed(token);
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(new Value.Bool(true));
            case "false", "False" -> new Expression.Literal(new Value.Bool(false));
            case "none", "None" -> new Expression.Literal(Value.None.NONE);
            default -> {
                tokens.sawName(name);
                yield new Expression.Name(name);
            }
        };
    }

    /** Neighbouring strings are one, as in Python. */
    private Expression string() {
        StringBuilder text = new StringBuilder();
        while (tokens.current().is(Token.Kind.STRING)) {
            text.append(tokens.next().text());
        }
        return new Expression.Literal(Value.Text.of(text.toString()));
    }

    private static Value integer(Token token) {
        String digits = token.text().replace("_", "");
        int radix = switch (digits.length() > 1 ? digits.charAt(1) : ' ') {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
        try {
            return new Value.Int(Long.parseLong(radix == 10 ? digits : digits.substring(2), radix));
        } catch (NumberFormatException malformed) {
            throw new TemplateException("the number " + token.described() + " is malformed or too large", token.line());
        }
    }

    private static double decimal(Token token) {
        try {
            return Double.parseDouble(token.text().replace("_", ""));
        } catch (NumberFormatException malformed) {
            throw new TemplateException("the number " + token.described() + " is malformed", token.line());
        }
    }

    private Expression bracketed(Token token) {
        return switch (token.text()) {
            case "(" -> parenthesised();
            case "[" -> {
                tokens.next();
                yield new Expression.ListOf(elements("]"), false);
            }
            case "{" -> dict();
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expression parenthesised() {
        tokens.next();
        if (tokens.skipOperator(")")) {
            return new Expression.ListOf(List.of(), true);
        }
        Expression inside = expressions.tuple(true);
        tokens.expectOperator(")");
        return inside;
    }

    private List<Expression> elements(String close) {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.skipOperator(close)) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(close)) {
                    break;
                }
            }
            elements.add(expressions.parse());
        }
        return List.copyOf(elements);
    }

    private Expression dict() {
        tokens.next();
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            keys.add(expressions.parse());
            tokens.expectOperator(":");
            values.add(expressions.parse());
        }
        return new Expression.DictOf(List.copyOf(keys), List.copyOf(values));
    }

    Expression attribute(Expression target) {
        tokens.next();
        Token name = tokens.next();
        return switch (name.kind()) {
            case NAME -> new Expression.Attribute(target, name.text());
            case INTEGER -> new Expression.Index(target, new Expression.Literal(integer(name)));
            default -> throw new TemplateException("found " + name.described() + " where a name belongs", name.line());
        };
    }

    Expression subscript(Expression target) {
        tokens.next();
        Optional<Expression> start = bound();
        if (!tokens.current().isOperator(":")) {
            Expression index = start.orElseThrow(() -> tokens.unexpected("an index"));
            return subscripted(target, index);
        }
        tokens.next();
        Optional<Expression> stop = bound();
        Optional<Expression> step = tokens.skipOperator(":") ? bound() : Optional.empty();
        tokens.expectOperator("]");
        return new Expression.Slice(target, start, stop, step);
    }

    private Expression subscripted(Expression target, Expression index) {
        if (tokens.skipOperator(",")) {
            List<Expression> elements = new ArrayList<>(List.of(index));
            elements.addAll(elements("]"));
            return new Expression.Index(target, new Expression.ListOf(List.copyOf(elements), true));
        }
        tokens.expectOperator("]");
        return new Expression.Index(target, index);
    }

    private Optional<Expression> bound() {
        boolean absent = tokens.current().isOperator(":") || tokens.current().isOperator("]");
        return absent ? Optional.empty() : Optional.of(expressions.parse());
    }

    /** A call's arguments in their parentheses. */
    Expression.Passed passed() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Optional<Expression> star = Optional.empty();
        Optional<Expression> doubleStar = Optional.empty();
        boolean first = true;
        while (!tokens.skipOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.skipOperator("*")) {
                star = Optional.of(expressions.parse());
            } else if (tokens.skipOperator("**")) {
                doubleStar = Optional.of(expressions.parse());
            } else {
                argument(positional, named);
            }
        }
        return new Expression.Passed(List.copyOf(positional), named, star, doubleStar);
    }

    private void argument(List<Expression> positional, Map<String, Expression> named) {
        if (tokens.current().is(Token.Kind.NAME) && tokens.peek().isOperator("=")) {
            String name = tokens.next().text();
            tokens.next();
            if (named.put(name, expressions.parse()) != null) {
                throw tokens.failure("the argument '" + name + "' is given twice");
            }
        } else if (named.isEmpty()) {
            positional.add(expressions.parse());
        } else {
            throw tokens.failure("a positional argument follows one by name");
        }
    }
}
