package io.orrery.engine.checkpoint.peft;

import java.util.List;
import java.util.Optional;

/**
 * A name in {@code adapter_model.safetensors}: the path of a module, behind a prefix that may be absent, and what of it the tensor
 * is. PEFT leaves the adapter's own name out; {@code .default.} in its place is accepted.
 */
record TensorName(String module, Part part) {
    static final String PREFIX = "base_model.model.";
    private static final int MAX_LENGTH = 1_000;

    /** What of a module; the names that end in another's come first. */
    enum Part {
        A(".lora_A.weight"),
        B(".lora_B.weight"),
        B_BIAS(".lora_B.bias"),
        EMBEDDING_A(".lora_embedding_A"),
        EMBEDDING_B(".lora_embedding_B"),
        MAGNITUDE(".lora_magnitude_vector"),
        /** A whole tensor that was trained, or its bias. */
        WEIGHT(".weight"),
        BIAS(".bias");

        private final String suffix;

        Part(String suffix) {
            this.suffix = suffix;
        }
    }

    /** What PEFT's wrappers put between a module's path and its tensors. */
    private static final List<String> WRAPPERS = List.of(".base_layer", ".modules_to_save");

    static String a(String module) {
        return PREFIX + module + Part.A.suffix;
    }

    static String b(String module) {
        return PREFIX + module + Part.B.suffix;
    }

    /** Empty for a name that is none of a module's. */
    static Optional<TensorName> of(String name) {
        if (name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        String plain = bare.replace(".default.", ".").replaceFirst("\\.default$", "");
        if (plain.endsWith(Part.MAGNITUDE.suffix + ".weight")) {
            plain = plain.substring(0, plain.length() - ".weight".length());
        }
        for (Part part : Part.values()) {
            if (plain.endsWith(part.suffix) && plain.length() > part.suffix.length()) {
                return module(plain.substring(0, plain.length() - part.suffix.length()), part);
            }
        }
        return Optional.empty();
    }

    private static Optional<TensorName> module(String wrapped, Part part) {
        String module = wrapped;
        for (String wrapper : WRAPPERS) {
            if (module.endsWith(wrapper)) {
                module = module.substring(0, module.length() - wrapper.length());
            }
        }
        boolean isOther = module.contains(".lora_") || module.startsWith("lora_") || module.isEmpty();
        return isOther ? Optional.empty() : Optional.of(new TensorName(module, part));
    }
}
