package io.orrery.engine.tensor;

/** The ends of a block's values. Ties go to the first. */
record Extremes(float min, float max, float furthest) {
    /** {@code furthest} is the value of the largest magnitude, with its sign. */
    static Extremes of(float[] x, int at, int count) {
        float min = Float.MAX_VALUE;
        float max = -Float.MAX_VALUE;
        float furthest = 0;
        float magnitude = 0;
        for (int i = at; i < at + count; i++) {
            float v = x[i];
            min = v < min ? v : min;
            max = v > max ? v : max;
            if (magnitude < Math.abs(v)) {
                magnitude = Math.abs(v);
                furthest = v;
            }
        }
        return new Extremes(min, max, furthest);
    }
}
