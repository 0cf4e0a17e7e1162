package io.orrery.engine.template;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a macro is called with, by the names of its parameters. Source: jinja2 3.1.6 {@code runtime.py}, {@code Macro}. */
final class MacroArguments {
    private final Statement.Macro macro;
    private final Evaluator evaluator;

    MacroArguments(Statement.Macro macro, Evaluator evaluator) {
        this.macro = macro;
        this.evaluator = evaluator;
    }

    /** Gives a macro's names their values; what is left over goes to {@code varargs} and {@code kwargs}. */
    void bind(Arguments arguments, Scope scope) {
        Map<String, Value> named = new HashMap<>(arguments.named());
        int position = 0;
        for (Statement.Parameter parameter : macro.parameters()) {
            Value given = named.remove(parameter.name());
            if (position < arguments.positional().size()) {
                if (given != null) {
                    throw new TemplateException(
                            "macro '" + macro.name() + "' got two values for '" + parameter.name() + "'");
                }
                given = arguments.positional().get(position);
            }
            position++;
            scope.set(parameter.name(), given != null ? given : missing(parameter, scope));
        }
        Value caller = named.remove("caller");
        if (caller != null) {
            scope.set("caller", caller);
        }
        leftOver(arguments.from(macro.parameters().size()).positional(), named, scope);
    }

    private Value missing(Statement.Parameter parameter, Scope scope) {
        return parameter
                .otherwise()
                .map(value -> evaluator.evaluate(value, scope))
                .orElseGet(() -> new Value.Undefined("parameter '" + parameter.name() + "' was not provided"));
    }

    private void leftOver(List<Value> positional, Map<String, Value> named, Scope scope) {
        boolean takesMore = macro.names().contains("varargs");
        boolean takesNamed = macro.names().contains("kwargs");
        if (!takesMore && !positional.isEmpty()) {
            throw new TemplateException("macro '" + macro.name() + "' takes not more than "
                    + macro.parameters().size() + " argument(s)");
        }
        if (!takesNamed && !named.isEmpty()) {
            throw new TemplateException("macro '" + macro.name() + "' takes no keyword argument '"
                    + named.keySet().iterator().next() + "'");
        }
        if (takesMore) {
            scope.set("varargs", Value.Items.of(List.copyOf(positional), true));
        }
        if (takesNamed) {
            Map<Value, Value> entries = new LinkedHashMap<>();
            named.forEach((name, value) -> entries.put(Value.Text.of(name), value));
            scope.set("kwargs", Value.Dict.of(entries));
        }
    }
}
