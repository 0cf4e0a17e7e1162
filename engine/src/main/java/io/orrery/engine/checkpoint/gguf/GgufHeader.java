package io.orrery.engine.checkpoint.gguf;

import io.orrery.engine.checkpoint.MappedFile;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a GGUF file says about itself, checked whole. Source of the layout and of the checks: ggml {@code docs/gguf.md} and
 * {@code src/gguf.cpp}.
 *
 * @param version 2 or 3, which differ in nothing for little-endian files
 * @param entries in the header's order
 * @param dataStart the byte of the file that the entries' offsets are counted from
 */
public record GgufHeader(int version, GgufMetadata metadata, List<Entry> entries, long dataStart) {
    /**
     * A tensor.
     *
     * @param shape outermost dimension first
     * @param offset its first byte, counted from the header's {@link GgufHeader#dataStart}
     */
    public record Entry(String name, DType dtype, Shape shape, long offset) {
        /** Bytes of the tensor. @throws ArithmeticException where they are more than a long counts */
        public long bytes() {
            return dtype.bytes(shape.elements());
        }
    }

    public GgufHeader {
        entries = List.copyOf(entries);
    }

    /** Reads the header of a file and nothing else of it. @throws CheckpointException in a sentence for every fault */
    public static GgufHeader read(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            return parse(file.toString(), mapped.segment());
        }
    }

    /**
     * Reads the header from the beginning of a file that is not at hand whole.
     *
     * @param source the file's name in messages
     * @param beginning at least the header; one that is cut off in it is a fault like any other
     * @throws CheckpointException in a sentence for every fault
     */
    public static GgufHeader read(String source, MemorySegment beginning, long fileSize) {
        return new HeaderReader(source, beginning, fileSize).read();
    }

    static GgufHeader parse(String source, MemorySegment file) {
        return read(source, file, file.byteSize());
    }

    /** The family's name; shards of a model but the first have none. */
    public Optional<String> architecture() {
        return metadata.string("general.architecture");
    }

    /** How the tensors are quantised together, as llama.cpp calls it: Q4_K_M. */
    public Optional<String> fileType() {
        return metadata.integer("general.file_type").flatMap(FileTypes::name);
    }
}
