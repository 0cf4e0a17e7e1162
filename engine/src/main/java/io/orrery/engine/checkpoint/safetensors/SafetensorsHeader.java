package io.orrery.engine.checkpoint.safetensors;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.MappedFile;
import io.orrery.engine.checkpoint.Utf8;
import io.orrery.engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a safetensors file says about itself, checked whole: the tensors fill the data without a hole, an overlap or an end.
 * Source of the layout and of every check: safetensors {@code safetensors/src/tensor.rs} and {@code README.md}.
 *
 * @param metadata the texts under {@code __metadata__}
 * @param entries in the order of their bytes
 * @param dataStart the byte of the file that the entries' bytes are counted from
 */
public record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries, long dataStart) {
    static final int MAX_BYTES = 100_000_000;
    static final int LENGTH_BYTES = 8;

    private static final ValueLayout.OfLong LITTLE_ENDIAN =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * A tensor.
     *
     * @param dtype the format's own name of the element type
     * @param begin its first byte, counted from the header's {@link SafetensorsHeader#dataStart}
     * @param end the byte behind its last one
     */
    public record Entry(String name, String dtype, Shape shape, long begin, long end) {}

    public SafetensorsHeader {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        entries = List.copyOf(entries);
    }

    /** Reads the header of a file and nothing else of it. @throws CheckpointException in a sentence for every fault */
    public static SafetensorsHeader read(Path file) {
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
    public static SafetensorsHeader read(String source, MemorySegment beginning, long fileSize) {
        long length = length(source, beginning, fileSize);
        byte[] json = beginning.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
        checkText(source, json);
        HeaderJson read = HeaderJson.parse(source, json);
        long dataStart = LENGTH_BYTES + length;
        List<Entry> entries = new DataLayout(source, fileSize - dataStart).checked(read.entries());
        return new SafetensorsHeader(read.metadata(), entries, dataStart);
    }

    static SafetensorsHeader parse(String source, MemorySegment file) {
        return read(source, file, file.byteSize());
    }

    private static long length(String source, MemorySegment file, long fileSize) {
        long size = Math.min(fileSize, file.byteSize());
        if (size < LENGTH_BYTES) {
            throw new CheckpointException(
                    source, "the file has " + size + " bytes, too few for a safetensors file; download it again");
        }
        long length = file.get(LITTLE_ENDIAN, 0);
        if (length < 0 || length > MAX_BYTES) {
            throw new CheckpointException(
                    source,
                    "the first 8 bytes announce a header of " + Long.toUnsignedString(length) + " bytes, more than the "
                            + MAX_BYTES + " that a safetensors file may have; it is another kind of file, or damaged");
        }
        if (length > size - LENGTH_BYTES) {
            throw new CheckpointException(
                    source,
                    "the header of " + length + " bytes does not fit the file of " + size
                            + "; the file is cut off, download it again");
        }
        return length;
    }

    private static void checkText(String source, byte[] json) {
        if (json.length == 0 || json[0] != '{') {
            throw new CheckpointException(
                    source, "the header at byte 8 does not begin with {; it is another kind of file, or damaged");
        }
        OptionalInt broken = new Utf8().firstBrokenByte(ByteBuffer.wrap(json));
        if (broken.isPresent()) {
            throw new CheckpointException(
                    source,
                    "the header is not UTF-8 at byte " + (LENGTH_BYTES + broken.getAsInt())
                            + " of the file; download it again");
        }
    }
}
