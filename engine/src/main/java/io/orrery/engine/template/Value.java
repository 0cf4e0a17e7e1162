package io.orrery.engine.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an expression of a template has for a value: the part of Python's types that chat templates meet. Lists and
 * mappings never change, as in Jinja's immutable sandbox, so that none contains itself; they know how deep and how
 * large they are, so that no walk over one is unbounded.
 */
sealed interface Value {
    /** Python's {@code None}. */
    enum None implements Value {
        NONE
    }

    /** A name or attribute that is not there; {@code why} is what using it says. */
    record Undefined(String why) implements Value {}

    record Bool(boolean value) implements Value {}

    record Int(long value) implements Value {}

    record Decimal(double value) implements Value {}

    /** A string; {@code markup} where it was declared safe, which makes {@code +} escape the other side. */
    record Text(String value, boolean markup) implements Value, Comparable<Text> {
        static Text of(String value) {
            Limits.text(value.length());
            return new Text(value, false);
        }

        Text withValue(String other) {
            Limits.text(other.length());
            return new Text(other, markup);
        }

        @Override
        public int compareTo(Text other) {
            return value.compareTo(other.value);
        }
    }

    /** A list, or a tuple. */
    record Items(List<Value> values, boolean tuple, int depth, int weight) implements Value {
        static Items list(List<Value> values) {
            return of(values, false);
        }

        static Items tuple(Value... values) {
            return of(List.of(values), true);
        }

        static Items of(List<Value> values, boolean tuple) {
            return new Items(values, tuple, depthOver(values), weightOver(values));
        }
    }

    /** A mapping in the order of insertion. */
    record Dict(Map<Value, Value> entries, int depth, int weight) implements Value {
        static Dict of(Map<Value, Value> entries) {
            Collection<Value> values = entries.values();
            return new Dict(entries, depthOver(values), Math.addExact(entries.size(), weightOver(values)));
        }

        @Nullable
        Value get(Value key) {
            return entries.get(asKey(key));
        }
    }

    /** {@code namespace(...)}: the one thing that a template may change. */
    record Namespace(Map<String, Value> attributes) implements Value {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A macro, a global function or a method. */
    non-sealed interface Callable extends Value {
        Value call(Arguments arguments);
    }

    /** An object of ours with attributes of its own, such as {@code loop}. */
    non-sealed interface Attributed extends Value {
        @Nullable
        Value attribute(String name);
    }

    static int depthOver(Collection<Value> values) {
        int deepest = 0;
        for (Value value : values) {
            deepest = Math.max(
                    deepest,
                    switch (value) {
                        case Items items -> items.depth;
                        case Dict dict -> dict.depth;
                        default -> 0;
                    });
        }
        Limits.depth(deepest + 1);
        return deepest + 1;
    }

    static int weightOver(Collection<Value> values) {
        long weight = 1;
        for (Value value : values) {
            weight += switch (value) {
                case Items items -> items.weight;
                case Dict dict -> dict.weight;
                default -> 1;
            };
        }
        Limits.elements(weight);
        return (int) weight;
    }

    /** A value as the key of a mapping. @throws TemplateException where Python cannot hash it */
    static Value asKey(Value value) {
        return switch (value) {
            case Text text -> text.markup() ? Text.of(text.value()) : text;
            case Items items when !items.tuple() -> throw new TemplateException("unhashable type: 'list'");
            case Dict dict -> throw new TemplateException("unhashable type: 'dict'");
            default -> value;
        };
    }

    /** A value of the context, copied. @throws TemplateException where it is none of JSON's types */
    static Value of(@Nullable Object plain) {
        return of(plain, 0);
    }

    private static Value of(@Nullable Object plain, int depth) {
        Limits.depth(depth);
        return switch (plain) {
            case null -> None.NONE;
            case Value value -> value;
            case CharSequence text -> Text.of(text.toString());
            case Boolean flag -> new Bool(flag);
            case Number number -> ofNumber(number);
            case Map<?, ?> map -> ofMap(map, depth);
            case Collection<?> list -> ofCollection(list, depth);
            default ->
                throw new TemplateException("a value of the context is a "
                        + plain.getClass().getName() + "; a template takes maps, lists, strings, numbers and booleans");
        };
    }

    private static Value ofNumber(Number number) {
        return switch (number) {
            case Long l -> new Int(l);
            case Integer i -> new Int(i);
            case Short s -> new Int(s);
            case Byte b -> new Int(b);
            case java.math.BigInteger big when big.bitLength() < Long.SIZE -> new Int(big.longValue());
            default -> new Decimal(number.doubleValue());
        };
    }

    private static Dict ofMap(Map<?, ?> map, int depth) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        map.forEach((key, value) -> entries.put(asKey(of(key, depth + 1)), of(value, depth + 1)));
        return Dict.of(entries);
    }

    private static Items ofCollection(Collection<?> list, int depth) {
        List<Value> values = new ArrayList<>(list.size());
        for (Object value : list) {
            values.add(of(value, depth + 1));
        }
        return Items.list(values);
    }
}
