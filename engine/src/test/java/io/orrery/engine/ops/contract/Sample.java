package io.orrery.engine.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;

/** Inputs of one computation on one backend: the same numbers in the same order for the same seed. */
public final class Sample {
    private final Ops ops;
    private final Random random;

    private Sample(Ops ops, long seed) {
        this.ops = ops;
        this.random = new Random(seed);
    }

    /** An operation on sampled inputs, and what it left behind. */
    public interface Computation {
        Tensor[] on(Ops ops, Sample sample);
    }

    /** Runs a computation and reads what it left behind. */
    public static float[][] run(Ops ops, long seed, Computation computation) {
        Tensor[] tensors = computation.on(ops, new Sample(ops, seed));
        float[][] values = new float[tensors.length][];
        for (int i = 0; i < tensors.length; i++) {
            values[i] = ops.read(tensors[i]);
        }
        return values;
    }

    /** Both backends leave the same behind, but for so much of one, or of the value where it is greater. */
    public static void assertAgree(Ops ops, Ops oracle, double tolerance, String name, Computation computation) {
        float[][] got = run(ops, 5, computation);
        float[][] want = run(oracle, 5, computation);
        for (int n = 0; n < want.length; n++) {
            assertThat(got[n]).as("%s, output %s", name, n).hasSameSizeAs(want[n]);
            for (int i = 0; i < want[n].length; i++) {
                double error = Math.abs((double) got[n][i] - want[n][i]);
                boolean isSame = Float.compare(got[n][i], want[n][i]) == 0;
                if (!isSame && !(error <= tolerance * Math.max(1, Math.abs(want[n][i])))) {
                    throw new AssertionError("%s, output %d, element %d: got %s, want %s, tolerance %s"
                            .formatted(name, n, i, got[n][i], want[n][i], tolerance));
                }
            }
        }
    }

    public Tensor gaussian(long... dims) {
        return ops.upload(values(Shape.of(dims)), dims);
    }

    /** A frozen weight of some dtype. */
    public Tensor packed(DType dtype, long rows, long cols) {
        try (Arena arena = Arena.ofConfined()) {
            Shape shape = Shape.of(rows, cols);
            HostMemory memory = new HostMemory(arena.allocate(dtype.bytes(shape.elements())));
            float[] values = values(shape);
            BlockFormat.of(dtype).quantize(values, 0, memory.segment(), 0, values.length);
            return ops.pack(new Tensor(dtype, shape, memory));
        }
    }

    /** Full of a value that no operation leaves: what is to be overwritten. */
    public Tensor dirty(long... dims) {
        float[] values = new float[(int) Shape.of(dims).elements()];
        Arrays.fill(values, -7e20f);
        return ops.upload(values, dims);
    }

    public int[] ints(int count, int limit) {
        return random.ints(count, 0, limit).toArray();
    }

    private float[] values(Shape shape) {
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
