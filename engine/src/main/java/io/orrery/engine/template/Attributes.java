package io.orrery.engine.template;

import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import java.util.Optional;

/** {@code a.b} and {@code a[b]}. Source: jinja2 3.1.6 {@code sandbox.py}, {@code getattr} and {@code getitem}. */
final class Attributes {
    private Attributes() {}

    /** Python's attribute, which is a method of ours, else the item; undefined where there is neither. */
    static Value attribute(Value target, String name) {
        Operators.defined(target);
        return own(target, name).or(() -> item(target, name)).orElseGet(() -> missing(target, name));
    }

    /** The item, else the attribute; undefined where there is neither. */
    static Value item(Value target, Value index) {
        Operators.defined(target);
        if (index instanceof Text text) {
            return item(target, text.value())
                    .or(() -> own(target, text.value()))
                    .orElseGet(() -> missing(target, text.value()));
        }
        Optional<Value> found = switch (target) {
            case Dict dict -> isHashable(index) ? Optional.ofNullable(dict.get(index)) : Optional.empty();
            case Items _, Text _ when Operators.isInteger(index) -> Sequences.at(target, Operators.integer(index));
            default -> Optional.empty();
        };
        return found.orElseGet(() -> missing(target, PythonText.str(index)));
    }

    private static boolean isHashable(Value value) {
        return !(value instanceof Dict) && !(value instanceof Items items && !items.tuple());
    }

    private static Optional<Value> item(Value target, String name) {
        return target instanceof Dict dict ? Optional.ofNullable(dict.get(Text.of(name))) : Optional.empty();
    }

    private static Optional<Value> own(Value target, String name) {
        return switch (target) {
            case Value.Namespace namespace ->
                Optional.ofNullable(namespace.attributes().get(name));
            case Value.Attributed attributed -> Optional.ofNullable(attributed.attribute(name));
            case Text text -> StringMethods.of(text, name);
            case Dict dict -> CollectionMethods.of(dict, name);
            case Items items -> CollectionMethods.of(items, name);
            default -> Optional.empty();
        };
    }

    private static Value missing(Value target, String name) {
        return new Value.Undefined("'" + PythonText.typeName(target) + " object' has no attribute '" + name + "'");
    }
}
