package io.orrery.registry.inspection;

import java.util.Locale;
import java.util.Optional;

/** Kinds of files whose headers are read, told by their names. */
enum ContentFormat {
    SAFETENSORS,
    GGUF;

    static Optional<ContentFormat> of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors")) {
            return Optional.of(SAFETENSORS);
        }
        return name.endsWith(".gguf") ? Optional.of(GGUF) : Optional.empty();
    }
}
