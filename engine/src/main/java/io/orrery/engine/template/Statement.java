package io.orrery.engine.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A statement of a template. Source of the shapes: jinja2 3.1.6 {@code nodes.py}. */
sealed interface Statement {
    record Text(String text) implements Statement {}

    record Output(Expression expression, int line) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression condition, List<Statement> body, int line) {}

    record For(Loop loop, List<Statement> body, List<Statement> otherwise, int line) implements Statement {}

    record Loop(Target target, Expression over, Optional<Expression> condition) {}

    record Assign(Target target, Expression value, int line) implements Statement {}

    /** {@code {% set x | filter %}...{% endset %}}. */
    record AssignBlock(Target target, Expression filtered, List<Statement> body, int line) implements Statement {}

    record DefineMacro(Macro macro) implements Statement {}

    /** {@code {% call(x) f() %}...{% endcall %}}: the body is the macro {@code caller}. */
    record CallBlock(Expression.Call call, Macro caller, int line) implements Statement {}

    record FilterBlock(Expression filtered, List<Statement> body, int line) implements Statement {}

    /** A scope of its own: {@code with}, and {@code generation}, which only marks what the model wrote. */
    record With(Map<String, Expression> values, List<Statement> body, int line) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** A macro; {@code names} are the names its body reads, which say whether it takes further arguments. */
    record Macro(String name, List<Parameter> parameters, List<Statement> body, java.util.Set<String> names) {}

    record Parameter(String name, Optional<Expression> otherwise) {}

    /** What an assignment writes to. */
    sealed interface Target {
        record Name(String name) implements Target {}

        record Attribute(String namespace, String attribute) implements Target {}

        record Tuple(List<Target> targets) implements Target {}
    }
}
