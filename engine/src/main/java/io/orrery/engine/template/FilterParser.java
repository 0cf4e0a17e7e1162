package io.orrery.engine.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses what follows a value: filters and tests. Source: jinja2 3.1.6 {@code parser.py}, {@code parse_filter_expr} on. */
final class FilterParser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private final PrimaryParser primary;

    FilterParser(TokenStream tokens, ExpressionParser expressions, PrimaryParser primary) {
        this.tokens = tokens;
        this.expressions = expressions;
        this.primary = primary;
    }

    /** The filters, tests and calls that follow a value. */
    Expression after(Expression target) {
        Expression result = target;
        while (true) {
            if (tokens.current().isOperator("|")) {
                result = filter(result);
            } else if (tokens.current().isName("is")) {
                result = test(result);
            } else if (tokens.current().isOperator("(")) {
                result = expressions.call(result);
            } else {
                return result;
            }
        }
    }

    /** One {@code | name(...)} after an input. */
    private Expression filter(Expression input) {
        tokens.expectOperator("|");
        return namedFilter(input);
    }

    /** Every filter of {@code {% filter a | b %}} or {@code {% set x | a | b %}} from its first name on. */
    Expression named(Expression input) {
        Expression result = namedFilter(input);
        while (tokens.current().isOperator("|")) {
            result = filter(result);
        }
        return result;
    }

    private Expression namedFilter(Expression input) {
        int line = tokens.current().line();
        String name = dottedName("a filter's name");
        return new Expression.Filter(input, name, passedIfAny(), line);
    }

    private String dottedName(String described) {
        StringBuilder name =
                new StringBuilder(tokens.expect(Token.Kind.NAME, described).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Token.Kind.NAME, described).text());
        }
        return name.toString();
    }

    private Expression.Passed passedIfAny() {
        return tokens.current().isOperator("(") ? primary.passed() : Expression.Passed.NOTHING;
    }

    private Expression test(Expression input) {
        tokens.next();
        boolean negated = tokens.skipName("not");
        int line = tokens.current().line();
        String name = dottedName("a test's name");
        Expression.Passed passed = passedIfAny();
        if (passed == Expression.Passed.NOTHING && startsOperand()) {
            Expression operand = expressions.postfix(primary.primary());
            passed = new Expression.Passed(List.of(operand), Map.of(), Optional.empty(), Optional.empty());
        }
        Expression result = new Expression.Test(input, name, passed, line);
        return negated ? new Expression.Not(result) : result;
    }

    private boolean startsOperand() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case STRING, INTEGER, DECIMAL -> true;
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            case NAME -> !List.of("else", "or", "and", "is", "if", "in", "not").contains(token.text());
            default -> false;
        };
    }
}
