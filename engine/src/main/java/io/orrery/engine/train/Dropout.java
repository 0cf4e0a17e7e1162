package io.orrery.engine.train;

import io.orrery.engine.model.Adaptation;
import io.orrery.engine.ops.Activation;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * Leaves out a share of an adapter's inputs and scales up the rest (Srivastava et al. 2014), by random numbers that seed,
 * pass and projection alone decide, so that a resumed run leaves out the same. Confined to the thread that owns the device.
 */
final class Dropout implements Adaptation {
    private final Adaptation adapter;
    private final double share;
    private final long seed;
    private long pass;

    Dropout(Adaptation adapter, double share, long seed) {
        this.adapter = adapter;
        this.share = share;
        this.seed = seed;
    }

    /** Before each forward pass. */
    void begin(int step, int passOfStep) {
        pass = ((long) step << 32) + passOfStep;
    }

    @Override
    public void add(String projection, Tensor y, Tensor x, Ops ops, Tape tape) {
        if (share == 0 || !tape.isRecording()) {
            adapter.add(projection, y, x, ops, tape);
            return;
        }
        Tensor mask = ops.workspace().empty(x.rows(), x.cols());
        ops.write(mask, mask(projection, (int) x.elements()));
        Tensor kept = ops.workspace().empty(x.rows(), x.cols());
        // the mask is never negative, so that relu(mask) · x is mask · x
        ops.activate(kept, mask, x, Activation.RELU);
        tape.record(() -> ops.activateBackward(null, tape.gradient(x), tape.gradient(kept), mask, x, Activation.RELU));
        adapter.add(projection, y, kept, ops, tape);
    }

    private float[] mask(String projection, int elements) {
        SplittableRandom random =
                new SplittableRandom((seed * 0x9E3779B97F4A7C15L + pass) * 0x9E3779B97F4A7C15L + projection.hashCode());
        float[] mask = new float[elements];
        float scale = (float) (1 / (1 - share));
        for (int i = 0; i < elements; i++) {
            mask[i] = random.nextDouble() < share ? 0 : scale;
        }
        return mask;
    }
}
