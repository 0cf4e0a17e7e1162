package io.orrery.registry.inspection;

import java.util.Map;
import java.util.Optional;

/** The data type that most elements have. */
final class MostCommon {
    private MostCommon() {}

    static Optional<String> of(Map<String, Long> parameters) {
        return parameters.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }
}
