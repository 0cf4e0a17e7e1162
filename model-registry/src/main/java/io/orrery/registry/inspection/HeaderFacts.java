package io.orrery.registry.inspection;

import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader;
import io.orrery.registry.blob.Content;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the header of a content says of its model. */
final class HeaderFacts {
    private HeaderFacts() {}

    /** @throws io.orrery.engine.checkpoint.CheckpointException where the content is not what its format says */
    static ContentFacts read(Content content, ContentFormat format) throws IOException {
        return switch (format) {
            case SAFETENSORS -> of(Headers.safetensors(content));
            case GGUF -> of(Headers.gguf(content));
        };
    }

    private static ContentFacts of(SafetensorsHeader header) {
        Map<String, Long> parameters = new TreeMap<>();
        header.entries()
                .forEach(entry -> parameters.merge(entry.dtype(), entry.shape().elements(), Math::addExact));
        return new ContentFacts(parameters, PackedTensors.of(header.entries()), null, null, null, List.of());
    }

    private static ContentFacts of(GgufHeader header) {
        Map<String, Long> parameters = new TreeMap<>();
        header.entries()
                .forEach(entry ->
                        parameters.merge(entry.dtype().name(), entry.shape().elements(), Math::addExact));
        return new ContentFacts(
                parameters,
                ContentFacts.Packing.NONE,
                header.architecture().orElse(null),
                header.architecture()
                        .flatMap(family -> header.metadata().integer(family + ".context_length"))
                        .orElse(null),
                header.fileType().or(() -> MostCommon.of(parameters)).orElse(null),
                GgufBases.of(header.metadata()));
    }
}
