package io.orrery.engine.tensor;

/**
 * Eight scales and eight minima of six bits each in twelve bytes: Q4_K and Q5_K. The first four lie whole, the others' upper two
 * bits above those (ggml {@code get_scale_min_k4}).
 */
final class SixBitScales {
    private SixBitScales() {}

    static int scale(byte[] block, int at, int j) {
        return j < 4 ? block[at + j] & 63 : block[at + j + 4] & 15 | (block[at + j - 4] >> 6 & 3) << 4;
    }

    static int minimum(byte[] block, int at, int j) {
        return j < 4 ? block[at + j + 4] & 63 : block[at + j + 4] >> 4 & 15 | (block[at + j] >> 6 & 3) << 4;
    }

    /** In order of j, into bytes that were zero. */
    static void put(byte[] block, int at, int j, int scale, int minimum) {
        if (j < 4) {
            block[at + j] = (byte) scale;
            block[at + j + 4] = (byte) minimum;
        } else {
            block[at + j + 4] = (byte) (scale & 15 | (minimum & 15) << 4);
            block[at + j - 4] |= (byte) (scale >> 4 << 6);
            block[at + j] |= (byte) (minimum >> 4 << 6);
        }
    }

    /**
     * Finds scales and minima of a super-block, stores them with their own scales behind {@code at} = 0, and the numbers that are
     * then nearest in {@code numbers}.
     */
    static void encode(float[] x, int at, byte[] block, int[] numbers, KQuants.Search search) {
        KQuants.Affine[] found = new KQuants.Affine[8];
        float maxScale = 0;
        float maxMinimum = 0;
        float[] weights = new float[32];
        for (int j = 0; j < 8; j++) {
            weigh(x, at + 32 * j, weights);
            found[j] = KQuants.affine(new KQuants.Part(x, at + 32 * j, numbers, 32 * j, 32), weights, search);
            maxScale = found[j].scale() > maxScale ? found[j].scale() : maxScale;
            maxMinimum = found[j].minimum() > maxMinimum ? found[j].minimum() : maxMinimum;
        }
        float inverseScale = maxScale > 0 ? 63 / maxScale : 0;
        float inverseMinimum = maxMinimum > 0 ? 63 / maxMinimum : 0;
        for (int j = 0; j < 8; j++) {
            int scale = Math.min(63, KQuants.nearest(inverseScale * found[j].scale()) & 0xff);
            int minimum = Math.min(63, KQuants.nearest(inverseMinimum * found[j].minimum()) & 0xff);
            put(block, 4, j, scale, minimum);
        }
        BlockCodec.putHalf(block, 0, maxScale / 63);
        BlockCodec.putHalf(block, 2, maxMinimum / 63);
        for (int j = 0; j < 8; j++) {
            float d = BlockCodec.half(block, 0) * scale(block, 4, j);
            if (d != 0) {
                float m = BlockCodec.half(block, 2) * minimum(block, 4, j);
                for (int l = 32 * j; l < 32 * j + 32; l++) {
                    numbers[l] = KQuants.nearest((x[at + l] + m) / d, 0, search.most());
                }
            }
        }
    }

    private static void weigh(float[] x, int at, float[] weights) {
        float squares = 0;
        for (int l = 0; l < 32; l++) {
            squares += x[at + l] * x[at + l];
        }
        float average = (float) Math.sqrt(squares / 32);
        for (int l = 0; l < 32; l++) {
            weights[l] = average + Math.abs(x[at + l]);
        }
    }
}
