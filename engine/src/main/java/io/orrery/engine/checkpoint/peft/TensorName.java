package io.orrery.engine.checkpoint.peft;

import java.util.Optional;

/**
 * A name in {@code adapter_model.safetensors}: a prefix, the module's path, and which of the two matrices it is.
 *
 * @param isA whether it is A, not B
 */
record TensorName(String module, boolean isA) {
    static final String PREFIX = "base_model.model.";
    private static final int MAX_LENGTH = 1_000;
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    static String a(String module) {
        return PREFIX + module + A;
    }

    static String b(String module) {
        return PREFIX + module + B;
    }

    /** Empty for every other name. */
    static Optional<TensorName> of(String name) {
        boolean isA = name.endsWith(A);
        if (name.length() > MAX_LENGTH || !name.startsWith(PREFIX) || !isA && !name.endsWith(B)) {
            return Optional.empty();
        }
        int end = name.length() - A.length();
        return end <= PREFIX.length()
                ? Optional.empty()
                : Optional.of(new TensorName(name.substring(PREFIX.length(), end), isA));
    }
}
