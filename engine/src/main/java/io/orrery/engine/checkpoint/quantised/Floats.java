package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Scales of F32, F16 or BF16 where they lie, element by element: a file has too many of them to decode them all. */
record Floats(DType dtype, MemorySegment bytes) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static Floats of(Tensor tensor) {
        return new Floats(tensor.dtype(), tensor.segment());
    }

    float at(long index) {
        return switch (dtype) {
            case F16 -> Float.float16ToFloat(bytes.get(SHORT, index * Short.BYTES));
            case BF16 -> Float.intBitsToFloat(bytes.get(SHORT, index * Short.BYTES) << Short.SIZE);
            default -> Float.intBitsToFloat(bytes.get(INT, index * Float.BYTES));
        };
    }

    /** The bits of an F16. */
    short bitsAt(long index) {
        return bytes.get(SHORT, index * Short.BYTES);
    }
}
