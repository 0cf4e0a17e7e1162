package io.orrery.engine.checkpoint.gguf;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader.Entry;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the header of a GGUF file in its order: magic, version, counts, metadata, tensors. */
final class HeaderReader {
    static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    static final int MAX_KEY_BYTES = 65_535;
    static final int MAX_NAME_BYTES = 63;
    static final int MAX_RANK = 4;

    private static final int LEAST_TENSOR_BYTES = 8 + 4 + 4 + 8;
    private static final int LEAST_PAIR_BYTES = 8 + 4 + 1;

    private final String source;
    private final long fileSize;
    private final GgufCursor in;

    HeaderReader(String source, MemorySegment beginning, long fileSize) {
        this.source = source;
        this.fileSize = fileSize;
        this.in = new GgufCursor(source, beginning);
    }

    GgufHeader read() {
        checkMagic();
        int version = version();
        in.reading("the number of tensors");
        int tensors = in.count(LEAST_TENSOR_BYTES);
        in.reading("the number of metadata keys");
        int pairs = in.count(LEAST_PAIR_BYTES);
        GgufMetadata metadata = new GgufMetadata(source, values(pairs));
        List<Entry> entries = entries(tensors);
        DataPlaces places = DataPlaces.after(in.position(), metadata, fileSize);
        places.check(entries);
        return new GgufHeader(version, metadata, entries, places.dataStart());
    }

    private void checkMagic() {
        in.reading("the magic number");
        int magic = in.u32();
        if (magic != MAGIC) {
            throw new CheckpointException(
                    source,
                    "the file begins with the bytes %08x, not with GGUF; it is another kind of file, or damaged"
                            .formatted(Integer.reverseBytes(magic)));
        }
    }

    private int version() {
        in.reading("the version");
        int version = in.u32();
        if (version != 0 && (version & 0xffff) == 0) {
            throw new CheckpointException(
                    source,
                    "the file is GGUF version " + Integer.reverseBytes(version)
                            + " in big-endian order; convert it to little-endian (gguf_convert_endian.py)");
        }
        if (version != 2 && version != 3) {
            throw new CheckpointException(
                    source,
                    "the file is GGUF version " + Integer.toUnsignedString(version)
                            + "; versions 2 and 3 are read, convert the model again with a newer llama.cpp");
        }
        return version;
    }

    private Map<String, GgufValue> values(int pairs) {
        Map<String, GgufValue> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs; i++) {
            in.reading("the name of metadata key " + i);
            String key = in.string();
            if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
                throw in.broken("metadata key " + i + " must have between 1 and " + MAX_KEY_BYTES + " bytes");
            }
            in.reading("the metadata " + key);
            if (values.putIfAbsent(key, value(key)) != null) {
                throw in.broken("the metadata " + key + " is there twice");
            }
        }
        return values;
    }

    private GgufValue value(String key) {
        GgufType type = type(key);
        return switch (type) {
            case U8 -> new GgufValue.Whole(type, Byte.toUnsignedLong(in.u8()));
            case I8 -> new GgufValue.Whole(type, in.u8());
            case U16 -> new GgufValue.Whole(type, Short.toUnsignedLong(in.u16()));
            case I16 -> new GgufValue.Whole(type, in.u16());
            case U32 -> new GgufValue.Whole(type, Integer.toUnsignedLong(in.u32()));
            case I32 -> new GgufValue.Whole(type, in.u32());
            case U64, I64 -> new GgufValue.Whole(type, in.u64());
            case F32 -> new GgufValue.Decimal(type, Float.intBitsToFloat(in.u32()));
            case F64 -> new GgufValue.Decimal(type, Double.longBitsToDouble(in.u64()));
            case BOOL -> new GgufValue.Flag(in.flag());
            case STRING -> new GgufValue.Text(in.string());
            case ARRAY -> array(key);
        };
    }

    private GgufValue array(String key) {
        GgufType type = type(key);
        if (type == GgufType.ARRAY) {
            throw in.broken("the metadata " + key + " is an array of arrays, which llama.cpp does not write either");
        }
        int count = in.count(type.leastBytes());
        return new GgufValue.Items(type, count, in.elements(type, count));
    }

    private GgufType type(String key) {
        int id = in.u32();
        return GgufType.of(id)
                .orElseThrow(() ->
                        in.broken("the metadata " + key + " has the unknown type " + Integer.toUnsignedString(id)));
    }

    private List<Entry> entries(int tensors) {
        List<Entry> entries = new ArrayList<>(tensors);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < tensors; i++) {
            in.reading("the name of tensor " + i);
            String name = in.string();
            if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                throw in.broken("the name of tensor " + i + " has more than " + MAX_NAME_BYTES + " bytes");
            }
            if (!names.add(name)) {
                throw in.broken("tensor " + name + " is there twice");
            }
            in.reading("tensor " + name);
            Shape shape = shape(name);
            entries.add(new Entry(name, dtype(name), shape, in.u64()));
        }
        return entries;
    }

    /** The file has the innermost dimension first. */
    private Shape shape(String name) {
        int rank = in.u32();
        if (rank < 0 || rank > MAX_RANK) {
            throw in.broken("tensor " + name + " has " + Integer.toUnsignedString(rank) + " dimensions, more than the "
                    + MAX_RANK + " that GGUF has");
        }
        List<Long> dims = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            long dim = in.u64();
            if (dim < 0) {
                throw in.broken("tensor " + name + " has a dimension of " + Long.toUnsignedString(dim));
            }
            dims.addFirst(dim);
        }
        return new Shape(dims);
    }

    private DType dtype(String name) {
        int id = in.u32();
        return DType.ofGgmlId(id)
                .orElseThrow(() -> in.broken("tensor " + name + " has the unknown ggml type "
                        + Integer.toUnsignedString(id) + ", from a newer or a very old llama.cpp"));
    }
}
