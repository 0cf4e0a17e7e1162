package io.orrery.engine.template;

import io.orrery.engine.template.Value.Callable;
import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Methods of lists and dicts. Those that change them are refused, as in Jinja's immutable sandbox. */
final class CollectionMethods {
    private static final Set<String> CHANGES_DICT = Set.of("clear", "pop", "popitem", "setdefault", "update");
    private static final Set<String> CHANGES_LIST =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private CollectionMethods() {}

    static Optional<Value> of(Dict dict, String name) {
        if (CHANGES_DICT.contains(name)) {
            return Optional.of(refused("dict", name));
        }
        Callable method = switch (name) {
            case "get" -> arguments -> get(dict, arguments);
            case "keys" ->
                given -> without(
                        "keys", given, Items.list(List.copyOf(dict.entries().keySet())));
            case "values" ->
                given -> without(
                        "values", given, Items.list(List.copyOf(dict.entries().values())));
            case "items" -> given -> without("items", given, items(dict));
            case "copy" -> given -> without("copy", given, dict);
            default -> null;
        };
        return Optional.ofNullable(method);
    }

    static Optional<Value> of(Items items, String name) {
        if (CHANGES_LIST.contains(name) && !items.tuple()) {
            return Optional.of(refused("list", name));
        }
        Callable method = switch (name) {
            case "count" -> arguments -> count(items, arguments);
            case "index" -> arguments -> index(items, arguments);
            case "copy" -> items.tuple() ? null : _ -> items;
            default -> null;
        };
        return Optional.ofNullable(method);
    }

    private static Value refused(String type, String name) {
        return new Value.Undefined("access to attribute '" + name + "' of '" + type + "' object is unsafe.");
    }

    /** The value of a method that takes no arguments. */
    private static Value without(String method, Arguments given, Value value) {
        given.bind(method);
        return value;
    }

    private static Value get(Dict dict, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("get", "key", "default");
        Value found = dict.get(bound.required("key"));
        return found != null ? found : bound.optional("default").orElse(Value.None.NONE);
    }

    /** The pairs of key and value. */
    static Items items(Dict dict) {
        List<Value> pairs = new ArrayList<>(dict.entries().size());
        for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
            pairs.add(Items.tuple(entry.getKey(), entry.getValue()));
        }
        return Items.list(pairs);
    }

    private static Value count(Items items, Arguments arguments) {
        Value wanted = arguments.bind("count", "value").required("value");
        return new Int(items.values().stream()
                .filter(each -> Comparisons.equal(each, wanted))
                .count());
    }

    private static Value index(Items items, Arguments arguments) {
        Value wanted = arguments.bind("index", "value").required("value");
        for (int i = 0; i < items.values().size(); i++) {
            if (Comparisons.equal(items.values().get(i), wanted)) {
                return new Int(i);
            }
        }
        throw new TemplateException(PythonText.repr(wanted) + " is not in list");
    }
}
