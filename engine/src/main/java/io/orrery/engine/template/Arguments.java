package io.orrery.engine.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a function, method, filter or test is called with. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The arguments by the names of the function's parameters. @throws TemplateException for one too many or unknown */
    Bound bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateException(
                    function + "() takes at most " + parameters.length + " arguments, not " + positional.size());
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (int i = 0; i < positional.size(); i++) {
            values.put(parameters[i], positional.get(i));
        }
        List<String> known = List.of(parameters);
        named.forEach((name, value) -> {
            if (!known.contains(name)) {
                throw new TemplateException(function + "() got an unexpected keyword argument '" + name + "'");
            }
            if (values.put(name, value) != null) {
                throw new TemplateException(function + "() got multiple values for argument '" + name + "'");
            }
        });
        return new Bound(function, values);
    }

    /** The same without its first positional arguments. */
    Arguments from(int index) {
        return new Arguments(positional.subList(Math.min(index, positional.size()), positional.size()), named);
    }

    /** Arguments by parameter name, with defaults. */
    record Bound(String function, Map<String, Value> values) {
        Value required(String name) {
            return optional(name)
                    .orElseThrow(() -> new TemplateException(function + "() misses its argument '" + name + "'"));
        }

        Optional<Value> optional(String name) {
            return Optional.ofNullable(values.get(name));
        }

        /** As {@link #optional}, and {@code None} counts as absent. */
        Optional<Value> present(String name) {
            return optional(name).filter(value -> value != Value.None.NONE);
        }

        String text(String name, String otherwise) {
            return optional(name).map(value -> asText(name, value)).orElse(otherwise);
        }

        boolean flag(String name, boolean otherwise) {
            return optional(name).map(Operators::truth).orElse(otherwise);
        }

        long integer(String name, long otherwise) {
            return optional(name).map(value -> asInteger(name, value)).orElse(otherwise);
        }

        String text(String name) {
            return asText(name, required(name));
        }

        private String asText(String name, Value value) {
            if (value instanceof Value.Text text) {
                return text.value();
            }
            throw new TemplateException(
                    function + "() argument '" + name + "' must be str, not " + PythonText.typeName(value));
        }

        private long asInteger(String name, Value value) {
            return switch (value) {
                case Value.Int number -> number.value();
                case Value.Bool flag -> flag.value() ? 1 : 0;
                default ->
                    throw new TemplateException(
                            function + "() argument '" + name + "' must be int, not " + PythonText.typeName(value));
            };
        }
    }
}
