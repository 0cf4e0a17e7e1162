package io.orrery.engine.template;

import io.orrery.engine.template.Expression.Operator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses expressions with Jinja's precedence. Source: jinja2 3.1.6 {@code parser.py}, {@code parse_expression} on. */
final class ExpressionParser {
    private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;
    private final PrimaryParser primary;
    private final FilterParser filters;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.primary = new PrimaryParser(tokens, this);
        this.filters = new FilterParser(tokens, this, primary);
    }

    Expression parse() {
        return parse(true);
    }

    /** @param conditional whether {@code a if b else c} may stand here: not in a loop's own {@code if} */
    Expression parse(boolean conditional) {
        tokens.enter();
        Expression result = conditional ? conditional() : or();
        tokens.leave();
        return result;
    }

    /** One expression, or several with commas between them: a tuple. */
    Expression tuple(boolean conditional) {
        Expression first = parse(conditional);
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple()) {
            elements.add(parse(conditional));
        }
        return new Expression.ListOf(List.copyOf(elements), true);
    }

    boolean endsTuple() {
        Token token = tokens.current();
        return token.is(Token.Kind.BLOCK_END)
                || token.is(Token.Kind.OUTPUT_END)
                || token.isOperator(")")
                || token.isOperator("=")
                || token.isName("if");
    }

    private Expression conditional() {
        Expression result = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            Optional<Expression> otherwise = tokens.skipName("else") ? Optional.of(parse()) : Optional.empty();
            result = new Expression.Conditional(condition, result, otherwise);
        }
        return result;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return compare();
        }
        tokens.enter();
        Expression operand = not();
        tokens.leave();
        return new Expression.Not(operand);
    }

    private Expression compare() {
        Expression first = sum();
        List<Expression.Link> links = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.is(Token.Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
                tokens.next();
                links.add(new Expression.Link(token.text(), sum()));
            } else if (tokens.skipName("in")) {
                links.add(new Expression.Link("in", sum()));
            } else if (token.isName("not") && tokens.peek().isName("in")) {
                tokens.next();
                tokens.next();
                links.add(new Expression.Link("not in", sum()));
            } else {
                return links.isEmpty() ? first : new Expression.Compare(first, List.copyOf(links));
            }
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (true) {
            if (tokens.skipOperator("+")) {
                left = new Expression.Binary(Operator.ADD, left, concatenation());
            } else if (tokens.skipOperator("-")) {
                left = new Expression.Binary(Operator.SUBTRACT, left, concatenation());
            } else {
                return left;
            }
        }
    }

    private Expression concatenation() {
        Expression left = product();
        while (tokens.skipOperator("~")) {
            left = new Expression.Binary(Operator.CONCATENATE, left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (true) {
            Optional<Operator> operator = productOperator();
            if (operator.isEmpty()) {
                return left;
            }
            left = new Expression.Binary(operator.get(), left, power());
        }
    }

    private Optional<Operator> productOperator() {
        for (Operator each : List.of(Operator.MULTIPLY, Operator.DIVIDE, Operator.FLOOR_DIVIDE, Operator.MODULO)) {
            if (tokens.skipOperator(each.symbol())) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expression.Binary(Operator.POWER, left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        tokens.enter();
        boolean negative = tokens.current().isOperator("-");
        Expression result;
        if (negative || tokens.current().isOperator("+")) {
            tokens.next();
            result = new Expression.Signed(negative, unary(false));
        } else {
            result = primary.primary();
        }
        result = postfix(result);
        Expression filtered = withFilters ? filters.after(result) : result;
        tokens.leave();
        return filtered;
    }

    Expression postfix(Expression target) {
        Expression result = target;
        while (true) {
            if (tokens.current().isOperator(".")) {
                result = primary.attribute(result);
            } else if (tokens.current().isOperator("[")) {
                result = primary.subscript(result);
            } else if (tokens.current().isOperator("(")) {
                result = call(result);
            } else {
                return result;
            }
        }
    }

    Expression.Call call(Expression function) {
        int line = tokens.current().line();
        return new Expression.Call(function, primary.passed(), line);
    }

    /** Every filter of {@code {% filter a | b %}} or {@code {% set x | a | b %}} from its first name on. */
    Expression namedFilters(Expression input) {
        return filters.named(input);
    }

    /** Names and values of {@code {% with a = 1, b = 2 %}}. */
    Map<String, Expression> bindings() {
        Map<String, Expression> values = new LinkedHashMap<>();
        while (!tokens.current().is(Token.Kind.BLOCK_END)) {
            if (!values.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = tokens.expect(Token.Kind.NAME, "a name").text();
            tokens.expectOperator("=");
            values.put(name, parse());
        }
        return values;
    }
}
