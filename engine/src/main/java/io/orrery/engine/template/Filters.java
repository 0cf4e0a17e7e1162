package io.orrery.engine.template;

import java.util.HashMap;
import java.util.Map;

/** The filters after {@code |}. Source: jinja2 3.1.6 {@code filters.py}; {@code tojson} is transformers'. */
final class Filters {
    /** A filter's input and arguments, and the way to other filters and tests by name. */
    record Input(Value value, Arguments arguments, Evaluator evaluator) {
        Arguments.Bound bind(String name, String... parameters) {
            return arguments.bind(name, parameters);
        }
    }

    /** Computes one filter. */
    interface Filter {
        Value apply(Input input);
    }

    private static final Map<String, Filter> FILTERS = filters();

    private Filters() {}

    static Filter named(String name) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw new TemplateException("No filter named '" + name + "'.");
        }
        return filter;
    }

    private static Map<String, Filter> filters() {
        Map<String, Filter> filters = new HashMap<>();
        TextFilters.addTo(filters);
        NumberFilters.addTo(filters);
        ListFilters.addTo(filters);
        ChoiceFilters.addTo(filters);
        return Map.copyOf(filters);
    }
}
