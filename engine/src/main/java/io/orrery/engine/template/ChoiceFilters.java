package io.orrery.engine.template;

import io.orrery.engine.template.Filters.Filter;
import io.orrery.engine.template.Filters.Input;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filters that choose: by a default, by tests on values or on their attributes, by other filters. */
final class ChoiceFilters {
    private ChoiceFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("default", ChoiceFilters::otherwise);
        filters.put("d", ChoiceFilters::otherwise);
        filters.put("select", input -> choose(input, true, false));
        filters.put("reject", input -> choose(input, false, false));
        filters.put("selectattr", input -> choose(input, true, true));
        filters.put("rejectattr", input -> choose(input, false, true));
        filters.put("map", ChoiceFilters::map);
        filters.put("attr", ChoiceFilters::attribute);
    }

    private static Value otherwise(Input input) {
        Arguments.Bound bound = input.bind("default", "default_value", "boolean");
        boolean absent = input.value() instanceof Value.Undefined
                || (bound.flag("boolean", false) && !Operators.truth(input.value()));
        return absent ? bound.optional("default_value").orElse(Text.of("")) : input.value();
    }

    /** What to go over: nothing at all where the input is false, as jinja2 has it. */
    private static List<Value> values(Input input) {
        return Operators.truth(input.value()) ? Sequences.iterate(input.value()) : List.of();
    }

    private static Value choose(Input input, boolean wanted, boolean byAttribute) {
        Arguments given = input.arguments();
        int testAt = byAttribute ? 1 : 0;
        List<Value> positional = given.positional();
        if (positional.size() < testAt) {
            throw new TemplateException("Missing parameter for attribute name");
        }
        Optional<String> test =
                positional.size() > testAt ? Optional.of(PythonText.str(positional.get(testAt))) : Optional.empty();
        List<Value> chosen = new ArrayList<>();
        for (Value each : values(input)) {
            Value tested = byAttribute ? Paths.get(each, positional.getFirst()) : each;
            boolean holds = test.map(name -> input.evaluator().test(name, tested, given.from(testAt + 1)))
                    .orElseGet(() -> Operators.truth(tested));
            if (holds == wanted) {
                chosen.add(each);
            }
        }
        return Items.list(chosen);
    }

    private static Value map(Input input) {
        Arguments given = input.arguments();
        List<Value> mapped = new ArrayList<>();
        if (given.positional().isEmpty()) {
            Arguments.Bound bound = input.bind("map", "attribute", "default");
            Value path = bound.required("attribute");
            for (Value each : values(input)) {
                Value found = Paths.get(each, path);
                mapped.add(
                        found instanceof Value.Undefined
                                ? bound.optional("default").orElse(found)
                                : found);
            }
        } else {
            String filter = PythonText.str(given.positional().getFirst());
            for (Value each : values(input)) {
                mapped.add(input.evaluator().filter(filter, each, given.from(1)));
            }
        }
        return Items.list(mapped);
    }

    private static Value attribute(Input input) {
        return Attributes.attribute(input.value(), input.bind("attr", "name").text("name"));
    }
}
