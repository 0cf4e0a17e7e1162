package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;

/** One way to store a row of numbers in blocks. Stateless. */
public interface BlockFormat {
    DType dtype();

    /** Decodes blocks to F32. */
    void dequantize(MemorySegment from, long fromOffset, float[] to, int toOffset, int elements);

    /** Encodes F32 into blocks. */
    void quantize(float[] from, int fromOffset, MemorySegment to, long toOffset, int elements);

    /** @throws IllegalArgumentException naming the dtype where none exists */
    static BlockFormat of(DType dtype) {
        return switch (dtype) {
            case F32 -> new F32Format();
            case F16 -> new F16Format();
            case BF16 -> new BF16Format();
            case Q8_0 -> new Q8_0Format();
            default ->
                throw new IllegalArgumentException(
                        "there is no block format for " + dtype + "; F32, F16, BF16 and Q8_0 have one");
        };
    }
}
