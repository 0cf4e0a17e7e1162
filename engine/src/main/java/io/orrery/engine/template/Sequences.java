package io.orrery.engine.template;

import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Python's iteration, length, indexing, slicing and membership; strings count in code points. */
final class Sequences {
    private Sequences() {}

    static List<Value> iterate(Value value) {
        return switch (value) {
            case Items items -> items.values();
            case Dict dict -> List.copyOf(dict.entries().keySet());
            case Text text -> characters(text.value());
            case Value.Undefined _ -> List.of();
            default -> throw new TemplateException("'" + PythonText.typeName(value) + "' object is not iterable");
        };
    }

    static boolean isIterable(Value value) {
        return switch (value) {
            case Items _, Dict _, Text _, Value.Undefined _ -> true;
            default -> false;
        };
    }

    private static List<Value> characters(String text) {
        Limits.elements(text.length());
        List<Value> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(new Text(Character.toString(c), false)));
        return characters;
    }

    static long length(Value value) {
        return switch (value) {
            case Items items -> items.values().size();
            case Dict dict -> dict.entries().size();
            case Text text -> text.value().codePointCount(0, text.value().length());
            case Value.Undefined _ -> 0;
            default -> throw new TemplateException("object of type '" + PythonText.typeName(value) + "' has no len()");
        };
    }

    /** {@code needle in container}. */
    static boolean contains(Value container, Value needle) {
        return switch (container) {
            case Text text -> containsText(text, needle);
            case Dict dict -> dict.entries().containsKey(Value.asKey(needle));
            case Items items -> items.values().stream().anyMatch(each -> Comparisons.equal(each, needle));
            case Value.Undefined _ -> false;
            default ->
                throw new TemplateException(
                        "argument of type '" + PythonText.typeName(container) + "' is not iterable");
        };
    }

    private static boolean containsText(Text text, Value needle) {
        if (!(needle instanceof Text part)) {
            throw new TemplateException(
                    "'in <string>' requires string as left operand, not " + PythonText.typeName(needle));
        }
        return text.value().contains(part.value());
    }

    /** An integer that positions are given by. */
    static long index(Value value) {
        if (Operators.isInteger(value)) {
            return Operators.integer(value);
        }
        throw new TemplateException("indices must be integers, not '" + PythonText.typeName(value) + "'");
    }

    /** The element at a position, from the end where it is negative; absent where there is none. */
    static Optional<Value> at(Value target, long index) {
        long length = length(target);
        long at = index < 0 ? index + length : index;
        if (at < 0 || at >= length) {
            return Optional.empty();
        }
        return Optional.of(
                switch (target) {
                    case Text text -> {
                        int from = text.value().offsetByCodePoints(0, (int) at);
                        yield text.withValue(Character.toString(text.value().codePointAt(from)));
                    }
                    case Items items -> items.values().get((int) at);
                    default -> throw new IllegalStateException(target + " has no positions");
                });
    }

    /** {@code target[start:stop:step]}. */
    static Value slice(Value target, Optional<Long> start, Optional<Long> stop, Optional<Long> step) {
        return switch (target) {
            case Text text -> {
                int[] points = text.value().codePoints().toArray();
                StringBuilder out = new StringBuilder();
                positions(points.length, start, stop, step.orElse(1L)).forEach(i -> out.appendCodePoint(points[i]));
                yield text.withValue(out.toString());
            }
            case Items items -> {
                List<Value> values = new ArrayList<>();
                positions(items.values().size(), start, stop, step.orElse(1L))
                        .forEach(i -> values.add(items.values().get(i)));
                yield Items.of(values, items.tuple());
            }
            case Value.Undefined(String why) -> throw new TemplateException(why);
            default -> throw new TemplateException("'" + PythonText.typeName(target) + "' object is not sliceable");
        };
    }

    /** The positions a slice names, as {@code slice.indices} of Python. */
    private static List<Integer> positions(int length, Optional<Long> start, Optional<Long> stop, long step) {
        if (step == 0) {
            throw new TemplateException("slice step cannot be zero");
        }
        boolean back = step < 0;
        long from = bounded(start, length, back, back ? length - 1 : 0);
        long to = bounded(stop, length, back, back ? -1 : length);
        List<Integer> positions = new ArrayList<>();
        long stride = Math.clamp(step, -Integer.MAX_VALUE, Integer.MAX_VALUE);
        for (long i = from; back ? i > to : i < to; i += stride) {
            positions.add((int) i);
        }
        return positions;
    }

    private static long bounded(Optional<Long> bound, int length, boolean back, long otherwise) {
        if (bound.isEmpty()) {
            return otherwise;
        }
        long at = bound.get() < 0 ? bound.get() + length : bound.get();
        return Math.clamp(at, back ? -1 : 0, back ? length - 1L : length);
    }
}
