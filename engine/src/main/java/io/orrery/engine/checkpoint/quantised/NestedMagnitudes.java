package io.orrery.engine.checkpoint.quantised;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Magnitudes that are themselves quantised to 8 bits: {@code map[code] * scale + offset} in F32, rounded after each operation, as
 * bitsandbytes {@code functional.py}, {@code dequantize_4bit}, does.
 */
record NestedMagnitudes(MemorySegment codes, float[] map, Floats scales, FourBitState.Nested state)
        implements Magnitudes {
    @Override
    public float of(long block) {
        float product =
                map[Byte.toUnsignedInt(codes.get(ValueLayout.JAVA_BYTE, block))] * scales.at(block / state.blockSize());
        return product + state.offset();
    }
}
