package io.orrery.registry.inspection;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the header of a content and nothing else of it. */
final class HeaderFacts {
    private HeaderFacts() {}

    /** @throws CheckpointException where the content is not what its format says */
    static ContentFacts read(Path file, ContentFormat format) {
        return switch (format) {
            case SAFETENSORS -> of(SafetensorsHeader.read(file));
            case GGUF -> of(GgufHeader.read(file));
        };
    }

    private static ContentFacts of(SafetensorsHeader header) {
        Map<String, Long> parameters = new TreeMap<>();
        header.entries()
                .forEach(entry -> parameters.merge(entry.dtype(), entry.shape().elements(), Math::addExact));
        return new ContentFacts(parameters, null, null, null);
    }

    private static ContentFacts of(GgufHeader header) {
        Map<String, Long> parameters = new TreeMap<>();
        header.entries()
                .forEach(entry ->
                        parameters.merge(entry.dtype().name(), entry.shape().elements(), Math::addExact));
        return new ContentFacts(
                parameters,
                header.architecture().orElse(null),
                header.architecture()
                        .flatMap(family -> header.metadata().integer(family + ".context_length"))
                        .orElse(null),
                header.fileType().or(() -> mostCommon(parameters)).orElse(null));
    }

    private static Optional<String> mostCommon(Map<String, Long> parameters) {
        return parameters.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }
}
