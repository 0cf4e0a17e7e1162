package io.orrery.registry.inspection;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader;
import io.orrery.registry.blob.Content;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Reads the header of a content and nothing else of it. */
public final class Headers {
    private static final int FIRST_BYTES = 1 << 20;
    private static final int MOST_BYTES = 256 << 20;

    private Headers() {}

    /** @throws CheckpointException where the content is no GGUF file */
    public static GgufHeader gguf(Content content) throws IOException {
        return read(content, GgufHeader::read, beginning -> GgufHeader.read("the content", beginning, content.size()));
    }

    /** @throws CheckpointException where the content is no safetensors file */
    static SafetensorsHeader safetensors(Content content) throws IOException {
        return read(
                content,
                SafetensorsHeader::read,
                beginning -> SafetensorsHeader.read("the content", beginning, content.size()));
    }

    private static <H> H read(Content content, Function<Path, H> whole, Function<MemorySegment, H> beginning)
            throws IOException {
        Optional<Path> file = content.file();
        return file.isPresent() ? whole.apply(file.get()) : read(content, beginning, FIRST_BYTES);
    }

    /** How long a header is, only its reading tells: where it breaks, more of the content is tried. */
    private static <H> H read(Content content, Function<MemorySegment, H> beginning, int bytes) throws IOException {
        try {
            return beginning.apply(MemorySegment.ofArray(content.beginning(bytes)));
        } catch (CheckpointException e) {
            if (bytes >= Math.min(MOST_BYTES, content.size())) {
                throw e;
            }
            return read(content, beginning, bytes * 4);
        }
    }
}
