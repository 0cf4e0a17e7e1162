package io.orrery.engine.template;

import io.orrery.engine.template.Value.Callable;
import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions every chat template may call. Source: jinja2 3.1.6 {@code defaults.py} and transformers' two. */
final class Globals {
    private Globals() {}

    static void define(Scope scope, Clock clock) {
        function(scope, "raise_exception", Globals::raise);
        function(scope, "strftime_now", given -> now(given, clock));
        function(scope, "namespace", given -> new Value.Namespace(named(given)));
        function(scope, "dict", given -> dict(named(given)));
        function(scope, "range", Globals::range);
        function(scope, "joiner", Globals::joiner);
        function(scope, "cycler", given -> new Cycler(given.positional()));
    }

    private static void function(Scope scope, String name, Callable function) {
        scope.set(name, function);
    }

    private static Value raise(Arguments given) {
        throw TemplateException.raised(
                PythonText.str(given.bind("raise_exception", "message").required("message")));
    }

    private static Value now(Arguments given, Clock clock) {
        String format = given.bind("strftime_now", "format").text("format");
        return Text.of(Strftime.format(LocalDateTime.now(clock), format));
    }

    /** What {@code dict(...)} of Python makes: the entries of a mapping or of pairs, then those by name. */
    private static Map<String, Value> named(Arguments given) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (Value value : given.positional()) {
            Operators.defined(value);
            List<Value> pairs =
                    value instanceof Dict dict ? CollectionMethods.items(dict).values() : Sequences.iterate(value);
            for (Value pair : pairs) {
                List<Value> two = Sequences.iterate(pair);
                if (two.size() != 2 || !(two.getFirst() instanceof Text key)) {
                    throw new TemplateException("a mapping is made from pairs of a text and a value");
                }
                entries.put(key.value(), two.getLast());
            }
        }
        entries.putAll(given.named());
        return entries;
    }

    private static Value dict(Map<String, Value> named) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        named.forEach((name, value) -> entries.put(Text.of(name), value));
        return Dict.of(entries);
    }

    private static Value range(Arguments given) {
        List<Long> bounds = given.positional().stream().map(Sequences::index).toList();
        if (bounds.isEmpty() || bounds.size() > 3) {
            throw new TemplateException("range expected 1 to 3 arguments, got " + bounds.size());
        }
        long start = bounds.size() == 1 ? 0 : bounds.getFirst();
        long stop = bounds.size() == 1 ? bounds.getFirst() : bounds.get(1);
        long step = bounds.size() == 3 ? bounds.get(2) : 1;
        if (step == 0) {
            throw new TemplateException("range() arg 3 must not be zero");
        }
        List<Value> values = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i = next(i, step)) {
            if (values.size() == Limits.RANGE) {
                throw new TemplateException(
                        "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + Limits.RANGE + ").");
            }
            values.add(new Int(i));
        }
        return Items.list(values);
    }

    private static long next(long i, long step) {
        try {
            return Math.addExact(i, step);
        } catch (ArithmeticException beyondLong) {
            return step > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
    }

    private static Value joiner(Arguments given) {
        String separator = given.bind("joiner", "sep").text("sep", ", ");
        boolean[] used = {false};
        return (Callable) _ -> {
            String text = used[0] ? separator : "";
            used[0] = true;
            return Text.of(text);
        };
    }

    /** {@code cycler(...)}: its values round and round. */
    private static final class Cycler implements Value.Attributed {
        private final List<Value> values;
        private int position;

        Cycler(List<Value> values) {
            if (values.isEmpty()) {
                throw new TemplateException("at least one item has to be provided");
            }
            this.values = values;
        }

        @Override
        public @Nullable Value attribute(String name) {
            return switch (name) {
                case "current" -> values.get(position);
                case "next" -> (Callable) _ -> next();
                case "reset" -> (Callable) _ -> reset();
                default -> null;
            };
        }

        private Value next() {
            Value value = values.get(position);
            position = (position + 1) % values.size();
            return value;
        }

        private Value reset() {
            position = 0;
            return Value.None.NONE;
        }
    }
}
