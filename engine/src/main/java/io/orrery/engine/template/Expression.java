package io.orrery.engine.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An expression of a template. Source of the shapes: jinja2 3.1.6 {@code nodes.py}. */
sealed interface Expression {
    record Literal(Value value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListOf(List<Expression> elements, boolean tuple) implements Expression {}

    record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

    /** {@code target.name}: Python's attribute first, then the item. */
    record Attribute(Expression target, String name) implements Expression {}

    /** {@code target[index]}: the item first, then the attribute. */
    record Index(Expression target, Expression index) implements Expression {}

    record Slice(Expression target, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step)
            implements Expression {}

    record Call(Expression function, Passed passed, int line) implements Expression {}

    record Filter(Expression input, String name, Passed passed, int line) implements Expression {}

    record Test(Expression input, String name, Passed passed, int line) implements Expression {}

    record Not(Expression operand) implements Expression {}

    record Signed(boolean negative, Expression operand) implements Expression {}

    record Binary(Operator operator, Expression left, Expression right) implements Expression {}

    record Compare(Expression first, List<Link> links) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Conditional(Expression condition, Expression then, Optional<Expression> otherwise) implements Expression {}

    /** The text that a filter block or a block assignment filters, already rendered. */
    record Block() implements Expression {}

    /** One comparison of a chain: {@code a < b < c} has two. */
    record Link(String operator, Expression right) {}

    /** The expressions of a call's arguments. */
    record Passed(
            List<Expression> positional,
            Map<String, Expression> named,
            Optional<Expression> star,
            Optional<Expression> doubleStar) {
        static final Passed NOTHING = new Passed(List.of(), Map.of(), Optional.empty(), Optional.empty());
    }

    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/"),
        FLOOR_DIVIDE("//"),
        MODULO("%"),
        POWER("**"),
        CONCATENATE("~");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }
    }
}
