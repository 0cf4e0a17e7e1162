package io.orrery.cli.model;

import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Table;
import io.orrery.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tensors for a person to read: those of a type together, and those together that differ in the number of their layer alone. */
final class TensorGroups {
    private static final Pattern NUMBER = Pattern.compile("\\.(\\d{1,9})\\.");

    private final List<TensorFacts> tensors;

    TensorGroups(List<TensorFacts> tensors) {
        this.tensors = List.copyOf(tensors);
    }

    /** Tensors that a name, with a star for the number, a type and a shape have in common. */
    private record Kind(String name, String dtype, Shape shape) {
        static Kind of(TensorFacts tensor) {
            return new Kind(NUMBER.matcher(tensor.name()).replaceFirst(".*."), tensor.dtype(), tensor.shape());
        }
    }

    /** A row a type: how many, parameters, bytes. */
    List<String> byType() {
        Map<String, List<TensorFacts>> types = new TreeMap<>();
        tensors.forEach(tensor ->
                types.computeIfAbsent(tensor.dtype(), _ -> new ArrayList<>()).add(tensor));
        Table table = new Table("TYPE", "TENSORS", "PARAMETERS", "BYTES");
        types.forEach((type, those) -> table.row(
                type,
                String.valueOf(those.size()),
                Quantity.count(those.stream().mapToLong(TensorFacts::parameters).sum()),
                Quantity.bytes(those.stream().mapToLong(TensorFacts::bytes).sum())));
        return table.lines();
    }

    /** A row a tensor. */
    List<String> all() {
        Table table = new Table("TENSOR", "TYPE", "SHAPE");
        tensors.forEach(tensor ->
                table.row(tensor.name(), tensor.dtype(), tensor.shape().toString()));
        return table.lines();
    }

    /** A row a kind, in the order that the first of each comes in. */
    List<String> grouped() {
        Map<Kind, TreeSet<Integer>> kinds = new LinkedHashMap<>();
        for (TensorFacts tensor : tensors) {
            TreeSet<Integer> numbers = kinds.computeIfAbsent(Kind.of(tensor), _ -> new TreeSet<>());
            Matcher number = NUMBER.matcher(tensor.name());
            if (number.find()) {
                numbers.add(Integer.valueOf(number.group(1)));
            }
        }
        Table table = new Table("TENSOR", "TYPE", "SHAPE", "LAYERS");
        kinds.forEach((kind, numbers) ->
                table.row(kind.name(), kind.dtype(), kind.shape().toString(), ranges(numbers)));
        return table.lines();
    }

    /** Such as {@code 0-3, 5}. */
    static String ranges(TreeSet<Integer> numbers) {
        List<String> ranges = new ArrayList<>();
        Integer first = null;
        for (int number : numbers) {
            if (first == null) {
                first = number;
            }
            if (!numbers.contains(number + 1)) {
                ranges.add(first == number ? String.valueOf(number) : first + "-" + number);
                first = null;
            }
        }
        return String.join(", ", ranges);
    }
}
