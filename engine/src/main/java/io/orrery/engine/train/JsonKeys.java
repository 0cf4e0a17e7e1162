package io.orrery.engine.train;

import io.orrery.engine.checkpoint.NearestNames;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the values of a JSON object by their keys; says in a sentence which key is unknown or which value does not fit.
 * Confined to one thread.
 */
final class JsonKeys {
    private final String prefix;
    private final Map<?, ?> values;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param prefix of the keys in messages, such as {@code lora.} */
    JsonKeys(String prefix, Map<?, ?> values) {
        this.prefix = prefix;
        this.values = values;
    }

    /** A range of numbers that ends where it says. */
    record Range(double low, boolean lowIncluded, double high, boolean highIncluded) {
        static Range closed(double low, double high) {
            return new Range(low, true, high, true);
        }

        static Range above(double low, double high) {
            return new Range(low, false, high, true);
        }

        static Range below(double low, double high) {
            return new Range(low, true, high, false);
        }

        boolean contains(double value) {
            return (lowIncluded ? value >= low : value > low) && (highIncluded ? value <= high : value < high);
        }

        @Override
        public String toString() {
            return (lowIncluded ? "from " : "above ")
                    + number(low)
                    + (highIncluded ? " to " : " to below ")
                    + number(high);
        }
    }

    Optional<Object> value(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key));
    }

    /** The value, or empty for OpenAI's {@code "auto"}. */
    private Optional<Object> settled(String key) {
        return value(key).filter(value -> !value.equals("auto"));
    }

    int integer(String key, int fallback, int low, int high) {
        return value(key).map(value -> integer(key, value, low, high)).orElse(fallback);
    }

    int integerOrAuto(String key, int fallback, int low, int high) {
        return settled(key).map(value -> integer(key, value, low, high)).orElse(fallback);
    }

    private int integer(String key, Object value, int low, int high) {
        Range range = Range.closed(low, high);
        if (value instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && range.contains(number.doubleValue())) {
            return number.intValue();
        }
        throw wrong(key, value, "a whole number " + range);
    }

    double decimal(String key, double fallback, Range range) {
        return value(key).map(value -> decimal(key, value, range)).orElse(fallback);
    }

    double decimalOrAuto(String key, double fallback, Range range) {
        return settled(key).map(value -> decimal(key, value, range)).orElse(fallback);
    }

    private double decimal(String key, Object value, Range range) {
        if (value instanceof Number number && range.contains(number.doubleValue())) {
            return number.doubleValue();
        }
        throw wrong(key, value, "a number " + range);
    }

    boolean flag(String key, boolean fallback) {
        return value(key)
                .map(value -> {
                    if (value instanceof Boolean flag) {
                        return flag;
                    }
                    throw wrong(key, value, "true or false");
                })
                .orElse(fallback);
    }

    String choice(String key, String fallback, List<String> choices) {
        return value(key)
                .map(value -> {
                    if (value instanceof String text && choices.contains(text)) {
                        return text;
                    }
                    throw wrong(key, value, "one of " + choices);
                })
                .orElse(fallback);
    }

    /** @throws TrainingException where a key was never asked for */
    void finish() {
        for (Object key : values.keySet()) {
            if (!known.contains(key)) {
                throw new TrainingException(
                        TrainingException.Cause.HYPERPARAMETERS,
                        prefix + key + " is not a hyperparameter; did you mean " + prefix
                                + nearest(String.valueOf(key), known) + "?");
            }
        }
    }

    TrainingException wrong(String key, Object value, String allowed) {
        String shown = value instanceof String text ? '"' + text + '"' : String.valueOf(value);
        return new TrainingException(
                TrainingException.Cause.HYPERPARAMETERS, prefix + key + " is " + shown + "; it must be " + allowed);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** The known key that a wrong one may have meant. */
    static String nearest(String key, Collection<String> known) {
        return NearestNames.nearest(key, known).findFirst().orElse("");
    }
}
