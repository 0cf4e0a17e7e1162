package io.orrery.engine.ops;

import static io.orrery.engine.ops.Elements.add;
import static io.orrery.engine.ops.Elements.get;
import static io.orrery.engine.ops.Elements.set;

import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Rotary positions (Su et al. 2021, equation 34) in the half-split layout of transformers' {@code rotate_half}. */
final class ScalarRope {
    private ScalarRope() {}

    static void angles(Tensor angles, int[] positions, float[] inverseFrequencies, float scale) {
        int pairs = inverseFrequencies.length;
        for (int t = 0; t < positions.length; t++) {
            for (int i = 0; i < pairs; i++) {
                float angle = positions[t] * inverseFrequencies[i];
                long at = (long) t * 2 * pairs + i;
                set(angles.segment(), at, Math.cos(angle) * scale);
                set(angles.segment(), at + pairs, Math.sin(angle) * scale);
            }
        }
    }

    static void rotate(Tensor y, Tensor x, Tensor angles, int headDim, int sign) {
        int pairs = angles.cols() / 2;
        int heads = x.cols() / headDim;
        for (int t = 0; t < x.rows(); t++) {
            for (int head = 0; head < heads; head++) {
                long start = ((long) t * heads + head) * headDim;
                for (int i = 0; i < pairs; i++) {
                    double cos = get(angles.segment(), (long) t * 2 * pairs + i);
                    double sin = sign * get(angles.segment(), (long) t * 2 * pairs + pairs + i);
                    double a = get(x.segment(), start + i);
                    double b = get(x.segment(), start + pairs + i);
                    put(y.segment(), start + i, a * cos - b * sin, sign);
                    put(y.segment(), start + pairs + i, b * cos + a * sin, sign);
                }
                for (int i = 2 * pairs; i < headDim; i++) {
                    put(y.segment(), start + i, get(x.segment(), start + i), sign);
                }
            }
        }
    }

    private static void put(MemorySegment y, long at, double value, int sign) {
        if (sign < 0) {
            add(y, at, value);
        } else {
            set(y, at, value);
        }
    }
}
