package io.orrery.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Random;

/** Small tensors made in code. */
public final class TinyTensors {
    private TinyTensors() {}

    public static Tensor f32(Shape shape, float... values) {
        return new Tensor(DType.F32, shape, new HostMemory(MemorySegment.ofArray(values)));
    }

    /** Seeded values in a dtype that has a block format. */
    public static Tensor random(DType dtype, long seed, long... dims) {
        Shape shape = Shape.of(dims);
        Random random = new Random(seed);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        byte[] bytes = new byte[(int) dtype.bytes(values.length)];
        BlockFormat.of(dtype).quantize(values, 0, MemorySegment.ofArray(bytes), 0, values.length);
        return new Tensor(dtype, shape, new HostMemory(MemorySegment.ofArray(bytes)));
    }

    /** Seeded bytes in any dtype. */
    public static Tensor bytes(DType dtype, long seed, long... dims) {
        Shape shape = Shape.of(dims);
        byte[] bytes = new byte[(int) dtype.bytes(shape.elements())];
        new Random(seed).nextBytes(bytes);
        return new Tensor(dtype, shape, new HostMemory(MemorySegment.ofArray(bytes)));
    }

    public static byte[] bytes(Tensor tensor) {
        return tensor.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    /** Fails unless a checkpoint holds these tensors and no others, bit for bit. */
    public static void assertHolds(Checkpoint file, Map<String, Tensor> tensors) {
        assertThat(file.tensors()).containsOnlyKeys(tensors.keySet());
        tensors.forEach((name, tensor) -> {
            Tensor read = file.tensor(name);
            assertThat(read.dtype()).as(name).isEqualTo(tensor.dtype());
            assertThat(read.shape()).as(name).isEqualTo(tensor.shape());
            assertThat(bytes(read)).as(name).isEqualTo(bytes(tensor));
        });
    }

    public static float[] decoded(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        BlockFormat.of(tensor.dtype()).dequantize(tensor.segment(), 0, values, 0, values.length);
        return values;
    }
}
