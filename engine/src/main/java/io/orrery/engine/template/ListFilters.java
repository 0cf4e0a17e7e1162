package io.orrery.engine.template;

import io.orrery.engine.template.Filters.Filter;
import io.orrery.engine.template.Filters.Input;
import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Filters over lists and mappings. */
final class ListFilters {
    private ListFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("list", ListFilters::list);
        filters.put("first", input -> end(input, true));
        filters.put("last", input -> end(input, false));
        filters.put("join", ListFilters::join);
        filters.put("reverse", ListFilters::reverse);
        filters.put("sort", ListFilters::sort);
        filters.put("unique", ListFilters::unique);
        filters.put("min", input -> extreme(input, "min", 1));
        filters.put("max", input -> extreme(input, "max", -1));
        filters.put("batch", ListFilters::batch);
        filters.put("slice", ListFilters::slice);
        filters.put("items", ListFilters::items);
        filters.put("dictsort", ListFilters::dictSort);
        filters.put("groupby", ListFilters::groupBy);
    }

    private static Value list(Input input) {
        input.bind("list");
        return Items.list(Sequences.iterate(input.value()));
    }

    private static Value end(Input input, boolean first) {
        List<Value> values = Sequences.iterate(input.value());
        if (values.isEmpty()) {
            return new Value.Undefined("No " + (first ? "first" : "last") + " item, sequence was empty.");
        }
        return first ? values.getFirst() : values.getLast();
    }

    private static Value join(Input input) {
        Arguments.Bound bound = input.bind("join", "d", "attribute");
        Optional<Value> path = bound.present("attribute");
        List<Value> values = Sequences.iterate(input.value());
        List<Value> parts = path.isEmpty()
                ? values
                : values.stream().map(each -> Paths.get(each, path.get())).toList();
        String separator = bound.optional("d").map(PythonText::str).orElse("");
        return Text.of(StringMethods.join(separator, parts));
    }

    private static Value reverse(Input input) {
        if (input.value() instanceof Text text) {
            return text.withValue(new StringBuilder(text.value()).reverse().toString());
        }
        return Items.list(List.copyOf(Sequences.iterate(input.value()).reversed()));
    }

    /** What to sort and compare by: an attribute where one is named, letters without their case unless it counts. */
    private static Value key(Value value, Optional<Value> path, boolean caseCounts) {
        Value key = path.map(each -> Paths.get(value, each)).orElse(value);
        return key instanceof Text text && !caseCounts ? Text.of(PythonStrings.lower(text.value())) : key;
    }

    /** The keys to sort by, a list where attributes are named: with commas between them they count one after the other. */
    private static Value sortKey(Value value, Optional<Value> paths, boolean caseCounts) {
        if (!(paths.orElse(Value.None.NONE) instanceof Text text)) {
            return key(value, paths, caseCounts);
        }
        List<Value> keys = new ArrayList<>();
        for (String path : PythonStrings.split(text.value(), ",", -1)) {
            keys.add(key(value, Optional.of(Text.of(path)), caseCounts));
        }
        return Items.list(keys);
    }

    private static Value sort(Input input) {
        Arguments.Bound bound = input.bind("sort", "reverse", "case_sensitive", "attribute");
        List<Value> sorted = new ArrayList<>(Sequences.iterate(input.value()));
        sorted.sort(order(bound, bound.present("attribute")));
        return Items.list(sorted);
    }

    private static Comparator<Value> order(Arguments.Bound bound, Optional<Value> path) {
        boolean caseCounts = bound.flag("case_sensitive", false);
        Comparator<Value> order =
                (a, b) -> Comparisons.order(sortKey(a, path, caseCounts), sortKey(b, path, caseCounts));
        return bound.flag("reverse", false) ? order.reversed() : order;
    }

    private static Value unique(Input input) {
        Arguments.Bound bound = input.bind("unique", "case_sensitive", "attribute");
        boolean caseCounts = bound.flag("case_sensitive", false);
        Set<Value> seen = new HashSet<>();
        List<Value> unique = new ArrayList<>();
        for (Value each : Sequences.iterate(input.value())) {
            if (seen.add(Value.asKey(key(each, bound.present("attribute"), caseCounts)))) {
                unique.add(each);
            }
        }
        return Items.list(unique);
    }

    private static Value extreme(Input input, String name, int sign) {
        Arguments.Bound bound = input.bind(name, "case_sensitive", "attribute");
        boolean caseCounts = bound.flag("case_sensitive", false);
        Optional<Value> path = bound.present("attribute");
        List<Value> values = Sequences.iterate(input.value());
        if (values.isEmpty()) {
            return new Value.Undefined("No aggregated item, sequence was empty.");
        }
        Value best = values.getFirst();
        for (Value each : values) {
            if (sign * Comparisons.order(key(each, path, caseCounts), key(best, path, caseCounts)) < 0) {
                best = each;
            }
        }
        return best;
    }

    private static Value batch(Input input) {
        Arguments.Bound bound = input.bind("batch", "linecount", "fill_with");
        int size = count(bound.required("linecount"));
        List<Value> values = Sequences.iterate(input.value());
        List<Value> batches = new ArrayList<>();
        for (int from = 0; from < values.size(); from += size) {
            List<Value> batch = new ArrayList<>(values.subList(from, Math.min(from + size, values.size())));
            bound.present("fill_with").ifPresent(fill -> {
                Limits.elements(size);
                while (batch.size() < size) {
                    batch.add(fill);
                }
            });
            batches.add(Items.list(batch));
        }
        return Items.list(batches);
    }

    private static int count(Value value) {
        long count = Sequences.index(value);
        if (count < 1) {
            throw new TemplateException("a list cannot be cut into pieces of " + count);
        }
        return (int) Math.min(count, Integer.MAX_VALUE / 2);
    }

    private static Value slice(Input input) {
        Arguments.Bound bound = input.bind("slice", "slices", "fill_with");
        int slices = count(bound.required("slices"));
        Limits.elements(slices);
        List<Value> values = Sequences.iterate(input.value());
        int each = values.size() / slices;
        int longer = values.size() % slices;
        List<Value> result = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < slices; i++) {
            int to = from + each + (i < longer ? 1 : 0);
            List<Value> slice = new ArrayList<>(values.subList(from, to));
            if (i >= longer) {
                bound.present("fill_with").ifPresent(slice::add);
            }
            result.add(Items.list(slice));
            from = to;
        }
        return Items.list(result);
    }

    private static Value items(Input input) {
        return switch (input.value()) {
            case Dict dict -> CollectionMethods.items(dict);
            case Value.Undefined _ -> Items.list(List.of());
            default -> throw new TemplateException("Can only get item pairs from a mapping.");
        };
    }

    private static Value dictSort(Input input) {
        Arguments.Bound bound = input.bind("dictsort", "case_sensitive", "by", "reverse");
        String by = bound.text("by", "key");
        if (!by.equals("key") && !by.equals("value")) {
            throw new TemplateException("You can only sort by either \"key\" or \"value\"");
        }
        if (!(input.value() instanceof Dict dict)) {
            throw new TemplateException("'" + PythonText.typeName(input.value()) + "' object has no items to sort");
        }
        List<Value> pairs = new ArrayList<>(CollectionMethods.items(dict).values());
        pairs.sort(order(bound, Optional.of(new Value.Int(by.equals("key") ? 0 : 1))));
        return Items.list(pairs);
    }

    private static Value groupBy(Input input) {
        Arguments.Bound bound = input.bind("groupby", "attribute", "default", "case_sensitive");
        Optional<Value> path = Optional.of(bound.required("attribute"));
        boolean caseCounts = bound.flag("case_sensitive", false);
        List<Value> sorted = new ArrayList<>(Sequences.iterate(input.value()));
        sorted.sort((a, b) -> Comparisons.order(key(a, path, caseCounts), key(b, path, caseCounts)));
        List<Value> groups = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            Value first = sorted.get(from);
            if (i == sorted.size()
                    || !Comparisons.equal(key(first, path, caseCounts), key(sorted.get(i), path, caseCounts))) {
                groups.add(Items.tuple(key(first, path, true), Items.list(List.copyOf(sorted.subList(from, i)))));
                from = i;
            }
        }
        return Items.list(groups);
    }
}
