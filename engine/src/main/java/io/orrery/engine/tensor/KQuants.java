package io.orrery.engine.tensor;

import java.util.Arrays;

/**
 * What the K-quants share: super-blocks of 256 elements, and the search for the scales that lose least. Single precision in ggml's
 * order of operations, so that the bytes are llama-quantize's.
 *
 * <p>Source: ggml {@code ggml-quants.c}, {@code make_qkx2_quants}, {@code make_qx_quants}, {@code make_q3_quants}.
 */
final class KQuants {
    static final int SUPER_BLOCK = 256;

    /** {@code GROUP_MAX_EPS}: smaller values are all zero. */
    private static final float EPSILON = 1e-15f;

    private static final int MOST_IN_A_BLOCK = 32;

    private KQuants() {}

    /** Halves go to the even neighbour; what no quant can hold, NaN included, becomes some number. */
    static int nearest(float value) {
        return (Float.floatToRawIntBits(value + 12582912f) & 0x7fffff) - 0x400000;
    }

    static int nearest(float value, int least, int most) {
        return Math.clamp(nearest(value), least, most);
    }

    static boolean isNothing(float magnitude) {
        return magnitude < EPSILON;
    }

    /**
     * Part of a super-block, and where its numbers go.
     *
     * @param x values, from {@code at} on
     * @param numbers of the super-block, from {@code first} on
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of arrays, which nobody compares
    record Part(float[] x, int at, int[] numbers, int first, int count) {
        float value(int i) {
            return x[at + i];
        }

        void keep(int[] found, int offset) {
            for (int i = 0; i < count; i++) {
                numbers[first + i] = found[i] + offset;
            }
        }

        void zero() {
            Arrays.fill(numbers, first, first + count, 0);
        }
    }

    /**
     * Which scales are tried for numbers from 0 to {@code most} above a minimum: those of {@code most + from + step · i}.
     *
     * @param absolute whether errors count as they are, not squared
     */
    record Search(int most, float from, float step, int steps, boolean absolute) {
        private float error(float difference) {
            return absolute ? Math.abs(difference) : difference * difference;
        }
    }

    /** x is about scale · number - minimum. */
    record Affine(float scale, float minimum) {}

    /** {@code make_qkx2_quants}. @param weights of the errors, one a value */
    static Affine affine(Part part, float[] weights, Search search) {
        float min = part.value(0);
        float max = part.value(0);
        float sumW = weights[0];
        float sumX = sumW * part.value(0);
        for (int i = 1; i < part.count(); i++) {
            float v = part.value(i);
            min = v < min ? v : min;
            max = v > max ? v : max;
            sumW += weights[i];
            sumX += weights[i] * v;
        }
        min = min > 0 ? 0 : min;
        if (max == min) {
            part.zero();
            return new Affine(0, -min);
        }
        int[] tried = new int[MOST_IN_A_BLOCK];
        float scale = 1 / (search.most() / (max - min));
        round(part, search.most() / (max - min), min, search.most(), tried);
        part.keep(tried, 0);
        float best = error(part, weights, tried, scale, min, search);
        for (int step = 0; step <= search.steps(); step++) {
            round(
                    part,
                    (search.from() + search.step() * step + search.most()) / (max - min),
                    min,
                    search.most(),
                    tried);
            float sumL = 0;
            float sumL2 = 0;
            float sumXl = 0;
            for (int i = 0; i < part.count(); i++) {
                float l = tried[i];
                sumL += weights[i] * l;
                sumL2 += weights[i] * l * l;
                sumXl += weights[i] * l * part.value(i);
            }
            float determinant = sumW * sumL2 - sumL * sumL;
            if (determinant > 0) {
                float triedScale = (sumW * sumXl - sumX * sumL) / determinant;
                float triedMin = (sumL2 * sumX - sumL * sumXl) / determinant;
                if (triedMin > 0) {
                    triedMin = 0;
                    triedScale = sumXl / sumL2;
                }
                float error = error(part, weights, tried, triedScale, triedMin, search);
                if (error < best) {
                    part.keep(tried, 0);
                    best = error;
                    scale = triedScale;
                    min = triedMin;
                }
            }
        }
        return new Affine(scale, -min);
    }

    private static void round(Part part, float inverse, float min, int most, int[] to) {
        for (int i = 0; i < part.count(); i++) {
            to[i] = nearest(inverse * (part.value(i) - min), 0, most);
        }
    }

    private static float error(Part part, float[] weights, int[] numbers, float scale, float min, Search search) {
        float error = 0;
        for (int i = 0; i < part.count(); i++) {
            error += weights[i] * search.error(scale * numbers[i] + min - part.value(i));
        }
        return error;
    }

    /** {@code make_qx_quants} with squares as weights: numbers within ±most, kept with {@code most} added. @return the scale */
    static float symmetric(Part part, int most) {
        float furthest = Extremes.of(part.x(), part.at(), part.count()).furthest();
        if (isNothing(Math.abs(furthest))) {
            part.zero();
            return 0;
        }
        int[] tried = new int[MOST_IN_A_BLOCK];
        Fit fit = Fit.of(part, -most / furthest, most, tried);
        part.keep(tried, most);
        float scale = fit.squares() != 0 ? fit.products() / fit.squares() : 0;
        float best = scale * fit.products();
        for (int step = -9; step <= 9; step++) {
            if (step == 0) {
                continue;
            }
            fit = Fit.of(part, -(most + 0.1f * step) / furthest, most, tried);
            if (fit.squares() > 0 && fit.products() * fit.products() > best * fit.squares()) {
                part.keep(tried, most);
                scale = fit.products() / fit.squares();
                best = scale * fit.products();
            }
        }
        return scale;
    }

    /** Sums of x³·number and x²·number², for numbers of one scale. */
    private record Fit(float products, float squares) {
        static Fit of(Part part, float inverse, int most, int[] to) {
            float products = 0;
            float squares = 0;
            for (int i = 0; i < part.count(); i++) {
                float v = part.value(i);
                int l = nearest(inverse * v, -most, most - 1);
                to[i] = l;
                float w = v * v;
                products += w * v * l;
                squares += w * l * l;
            }
            return new Fit(products, squares);
        }
    }

    /** {@code make_q3_quants} with its descent by coordinates: numbers within ±most, kept with {@code most} added. */
    static float descended(Part part, int most) {
        float furthest = Extremes.of(part.x(), part.at(), part.count()).furthest();
        if (isNothing(Math.abs(furthest))) {
            part.zero();
            return 0;
        }
        int[] numbers = new int[MOST_IN_A_BLOCK];
        Fit fit = Fit.of(part, -most / furthest, most, numbers);
        for (int pass = 0; pass < 5; pass++) {
            Fit next = descend(part, most, numbers, fit);
            if (next.equals(fit)) {
                break;
            }
            fit = next;
        }
        part.keep(numbers, most);
        return fit.squares() > 0 ? fit.products() / fit.squares() : 0;
    }

    private static Fit descend(Part part, int most, int[] numbers, Fit fit) {
        float products = fit.products();
        float squares = fit.squares();
        for (int i = 0; i < part.count(); i++) {
            float v = part.value(i);
            float w = v * v;
            float otherProducts = products - w * v * numbers[i];
            if (otherProducts > 0) {
                float otherSquares = squares - w * numbers[i] * numbers[i];
                int number = nearest(v * otherSquares / otherProducts, -most, most - 1);
                if (number != numbers[i]) {
                    otherProducts += w * v * number;
                    otherSquares += w * number * number;
                    if (otherSquares > 0
                            && otherProducts * otherProducts * squares > products * products * otherSquares) {
                        numbers[i] = number;
                        products = otherProducts;
                        squares = otherSquares;
                    }
                }
            }
        }
        return new Fit(products, squares);
    }
}
