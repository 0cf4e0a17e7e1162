package io.orrery.engine.checkpoint.gguf;

import java.util.Optional;

/** The types of metadata values; a type's number in the file is its ordinal: ggml {@code include/gguf.h}, {@code gguf_type}. */
public enum GgufType {
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    F32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    U64(8),
    I64(8),
    F64(8);

    private final int leastBytes;

    GgufType(int leastBytes) {
        this.leastBytes = leastBytes;
    }

    /** Bytes of a value; of a string or an array the fewest, which are those of its length. */
    int leastBytes() {
        return leastBytes;
    }

    boolean isWhole() {
        return this != F32 && this != F64 && this != BOOL && this != STRING && this != ARRAY;
    }

    boolean isDecimal() {
        return this == F32 || this == F64;
    }

    static Optional<GgufType> of(int id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }
}
