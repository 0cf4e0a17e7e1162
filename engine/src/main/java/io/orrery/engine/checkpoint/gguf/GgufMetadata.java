package io.orrery.engine.checkpoint.gguf;

import io.orrery.engine.checkpoint.CheckpointException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The keys and values of a GGUF file. A getter answers empty where the key is absent and throws a {@link CheckpointException}
 * where the value is of another kind. Immutable; arrays that getters return are the caller's.
 *
 * @param source the file, as messages name it
 * @param values in file order
 */
public record GgufMetadata(String source, Map<String, GgufValue> values) {
    public GgufMetadata {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Metadata made in code. @param values of the Java types that {@link GgufWriter} takes */
    public static GgufMetadata of(Map<String, ?> values) {
        return new GgufMetadata("metadata", ValueEncoder.encode(values));
    }

    public boolean contains(String key) {
        return values.containsKey(key);
    }

    /** Whether the value is an array: some keys hold one number for all layers or one for each. */
    public boolean isArray(String key) {
        return values.get(key) instanceof GgufValue.Items;
    }

    /** The family's name. @throws CheckpointException where the file does not tell it */
    public String architecture() {
        return string("general.architecture")
                .orElseThrow(() -> new CheckpointException(
                        source, "the metadata lacks general.architecture; the file is no whole model"));
    }

    public Optional<String> string(String key) {
        return get(key, "a string", value -> value instanceof GgufValue.Text text ? text.value() : null);
    }

    public Optional<Long> integer(String key) {
        return get(
                key,
                "a whole number below 2^63",
                value -> value instanceof GgufValue.Whole whole && !isUnsignedOverflow(whole) ? whole.value() : null);
    }

    /** A decimal or a whole number. */
    public Optional<Double> decimal(String key) {
        return get(key, "a number", value -> switch (value) {
            case GgufValue.Decimal decimal -> decimal.value();
            case GgufValue.Whole whole when !isUnsignedOverflow(whole) -> (double) whole.value();
            default -> null;
        });
    }

    public Optional<Boolean> flag(String key) {
        return get(key, "true or false", value -> value instanceof GgufValue.Flag flag ? flag.value() : null);
    }

    public Optional<List<String>> strings(String key) {
        return get(
                key,
                "an array of strings",
                value -> value instanceof GgufValue.Items items && items.elementType() == GgufType.STRING
                        ? items.strings()
                        : null);
    }

    /** An array of whole numbers, or of flags as 0 and 1. */
    public Optional<long[]> integers(String key) {
        return get(
                key,
                "an array of whole numbers",
                value -> value instanceof GgufValue.Items items
                                && (items.elementType().isWhole() || items.elementType() == GgufType.BOOL)
                        ? items.wholes()
                        : null);
    }

    public Optional<double[]> decimals(String key) {
        return get(
                key,
                "an array of decimals",
                value -> value instanceof GgufValue.Items items
                                && items.elementType().isDecimal()
                        ? items.decimals()
                        : null);
    }

    private static boolean isUnsignedOverflow(GgufValue.Whole whole) {
        return whole.type() == GgufType.U64 && whole.value() < 0;
    }

    /** @param read answers null for a value of another kind */
    private <T> Optional<T> get(
            String key, String wanted, Function<GgufValue, @org.jspecify.annotations.Nullable T> read) {
        GgufValue value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        T found = read.apply(value);
        if (found == null) {
            throw new CheckpointException(
                    source, "the metadata " + key + " must be " + wanted + ", not " + described(value));
        }
        return Optional.of(found);
    }

    private static String described(GgufValue value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
