package io.orrery.registry.inspection;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader;
import io.orrery.registry.blob.Content;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the header of a content and nothing else of it. */
final class HeaderFacts {
    private static final int FIRST_BYTES = 1 << 20;
    private static final int MOST_BYTES = 256 << 20;

    private HeaderFacts() {}

    /** @throws CheckpointException where the content is not what its format says */
    static ContentFacts read(Content content, ContentFormat format) throws IOException {
        Optional<Path> file = content.file();
        if (file.isPresent()) {
            return switch (format) {
                case SAFETENSORS -> of(SafetensorsHeader.read(file.get()));
                case GGUF -> of(GgufHeader.read(file.get()));
            };
        }
        return fromBeginning(content, format, FIRST_BYTES);
    }

    /** How long a header is, only its reading tells: where it breaks, more of the content is tried. */
    private static ContentFacts fromBeginning(Content content, ContentFormat format, int bytes) throws IOException {
        MemorySegment beginning = MemorySegment.ofArray(content.beginning(bytes));
        try {
            return switch (format) {
                case SAFETENSORS -> of(SafetensorsHeader.read("the content", beginning, content.size()));
                case GGUF -> of(GgufHeader.read("the content", beginning, content.size()));
            };
        } catch (CheckpointException e) {
            if (bytes >= Math.min(MOST_BYTES, content.size())) {
                throw e;
            }
            return fromBeginning(content, format, bytes * 4);
        }
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
