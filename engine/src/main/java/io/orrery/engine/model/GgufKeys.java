package io.orrery.engine.model;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import java.util.Arrays;
import java.util.Optional;

/** The keys of a GGUF file that stand behind its architecture's name, such as {@code llama.block_count}. */
record GgufKeys(GgufMetadata metadata) {
    private static final int MOST = 1 << 24;

    /** @throws ModelException where it is absent or no size */
    int size(String key) {
        return find(key)
                .orElseThrow(
                        () -> new ModelException("the metadata has no " + full(key) + ", which such a model needs"));
    }

    int size(String key, int otherwise) {
        return find(key).orElse(otherwise);
    }

    /** Also 0, for what may be none. */
    int count(String key, int otherwise) {
        long value =
                metadata.isArray(full(key)) ? -1 : metadata.integer(full(key)).orElse((long) otherwise);
        if (value < 0 || value > MOST) {
            throw new ModelException(
                    full(key) + " in the metadata is " + value + "; it must be a whole number within 0.." + MOST);
        }
        return (int) value;
    }

    double decimal(String key, double otherwise) {
        double value = metadata.decimal(full(key)).orElse(otherwise);
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new ModelException(full(key) + " in the metadata is " + value + "; it must be positive");
        }
        return value;
    }

    Optional<String> string(String key) {
        return metadata.string(full(key));
    }

    /** One number, or the same one for every layer. */
    private Optional<Integer> find(String key) {
        if (!metadata.isArray(full(key))) {
            return metadata.integer(full(key)).map(value -> checked(key, value));
        }
        long[] values = metadata.integers(full(key)).orElseThrow();
        if (values.length == 0 || Arrays.stream(values).anyMatch(value -> value != values[0])) {
            throw new ModelException(full(key) + " in the metadata differs by layer, which is not supported");
        }
        return Optional.of(checked(key, values[0]));
    }

    private int checked(String key, long value) {
        if (value < 1 || value > MOST) {
            throw new ModelException(
                    full(key) + " in the metadata is " + value + "; it must be a whole number within 1.." + MOST);
        }
        return (int) value;
    }

    private String full(String key) {
        return metadata.architecture() + "." + key;
    }
}
