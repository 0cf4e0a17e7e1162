package io.orrery.engine.tensor;

/**
 * Numbers of four bits that stand for 16 values that lie closer about zero: IQ4_NL and IQ4_XS (ggml {@code kvalues_iq4nl},
 * {@code quantize_row_iq4_nl_impl}).
 */
final class NonLinear4 {
    private static final int[] VALUES = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    private static final int TRIES = 7;

    private NonLinear4() {}

    /** 32 elements of 16 bytes: the low half of a byte is element j, the high j + 16. */
    static void decode(byte[] block, int numbers, float d, float[] to, int at) {
        for (int j = 0; j < 16; j++) {
            to[at + j] = d * VALUES[block[numbers + j] & 15];
            to[at + j + 16] = d * VALUES[block[numbers + j] >> 4 & 15];
        }
    }

    static void encode(float[] from, int at, float d, byte[] block, int numbers) {
        float inverse = d != 0 ? 1 / d : 0;
        for (int j = 0; j < 16; j++) {
            int low = nearest(inverse * from[at + j]);
            int high = nearest(inverse * from[at + j + 16]);
            block[numbers + j] = (byte) (low | high << 4);
        }
    }

    /** The scale that loses least, errors weighed by squares. */
    static float scale(float[] x, int at) {
        float furthest = Extremes.of(x, at, 32).furthest();
        if (KQuants.isNothing(Math.abs(furthest))) {
            return 0;
        }
        Fit fit = Fit.of(x, at, 1 / (-furthest / VALUES[0]));
        float d = fit.products() / fit.squares();
        float best = d * fit.products();
        for (int step = -TRIES; step <= TRIES; step++) {
            fit = Fit.of(x, at, (step + VALUES[0]) / furthest);
            if (fit.squares() > 0 && fit.products() * fit.products() > best * fit.squares()) {
                d = fit.products() / fit.squares();
                best = d * fit.products();
            }
        }
        return d;
    }

    private record Fit(float products, float squares) {
        static Fit of(float[] x, int at, float inverse) {
            float products = 0;
            float squares = 0;
            for (int j = at; j < at + 32; j++) {
                float q = VALUES[nearest(inverse * x[j])];
                float w = x[j] * x[j];
                products += w * q * x[j];
                squares += w * q * q;
            }
            return new Fit(products, squares);
        }
    }

    /** {@code best_index_int8}: between two values the upper one wins a tie. */
    private static int nearest(float x) {
        if (x <= VALUES[0]) {
            return 0;
        }
        if (x >= VALUES[15]) {
            return 15;
        }
        int lower = 0;
        int upper = 15;
        while (upper - lower > 1) {
            int middle = (lower + upper) / 2;
            if (x < VALUES[middle]) {
                upper = middle;
            } else {
                lower = middle;
            }
        }
        return x - VALUES[upper - 1] < VALUES[upper] - x ? upper - 1 : upper;
    }
}
