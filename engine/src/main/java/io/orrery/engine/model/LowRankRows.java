package io.orrery.engine.model;

import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;

/** Rows of scale · B A on the host. Immutable. */
final class LowRankRows {
    private final float[] a;
    private final Pair pair;

    LowRankRows(Pair pair) {
        this.pair = pair;
        this.a = pair.a().decode();
    }

    /** values += scale · B[row, :] A, in single precision, as PEFT merges. */
    void addTo(float[] values, int row) {
        float[] b = pair.b().decode(row, row + 1);
        float[] sum = new float[values.length];
        for (int r = 0; r < b.length; r++) {
            for (int i = 0; i < values.length; i++) {
                sum[i] += b[r] * a[r * values.length + i];
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) pair.scale() * sum[i];
        }
    }
}
