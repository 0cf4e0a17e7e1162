package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A block format that is a codec, one block after the other. */
record CodedFormat(DType dtype, BlockCodec codec) implements BlockFormat {
    @Override
    public void dequantize(MemorySegment from, long fromOffset, float[] to, int toOffset, int elements) {
        byte[] block = new byte[dtype.blockBytes()];
        int blocks = blocks(elements);
        for (int b = 0; b < blocks; b++) {
            MemorySegment.copy(
                    from, ValueLayout.JAVA_BYTE, fromOffset + (long) b * block.length, block, 0, block.length);
            codec.decode(block, to, toOffset + b * dtype.blockElements());
        }
    }

    @Override
    public void quantize(float[] from, int fromOffset, MemorySegment to, long toOffset, int elements) {
        byte[] block = new byte[dtype.blockBytes()];
        int blocks = blocks(elements);
        for (int b = 0; b < blocks; b++) {
            codec.encode(from, fromOffset + b * dtype.blockElements(), block);
            MemorySegment.copy(block, 0, to, ValueLayout.JAVA_BYTE, toOffset + (long) b * block.length, block.length);
        }
    }

    private int blocks(int elements) {
        return Math.toIntExact(dtype.bytes(elements) / dtype.blockBytes());
    }
}
