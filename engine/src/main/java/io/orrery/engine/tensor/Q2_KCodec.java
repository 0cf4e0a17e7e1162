package io.orrery.engine.tensor;

import java.util.Arrays;

/**
 * 256 elements in 16 parts with 4-bit scales and minima, 2-bit numbers; the scales of those lie at the end (ggml
 * {@code block_q2_K}, {@code quantize_row_q2_K_ref}).
 */
final class Q2_KCodec implements BlockCodec {
    private static final KQuants.Search SEARCH = new KQuants.Search(3, -0.5f, 0.1f, 15, true);
    private static final int NUMBERS = 16;
    private static final int SCALE = 80;
    private static final int MINIMUM = 82;

    @Override
    public void decode(byte[] block, float[] to, int at) {
        float scale = BlockCodec.half(block, SCALE);
        float minimum = BlockCodec.half(block, MINIMUM);
        for (int j = 0; j < 16; j++) {
            float d = scale * (block[j] & 15);
            float m = minimum * (block[j] >> 4 & 15);
            for (int l = 0; l < 16; l++) {
                to[at + 16 * j + l] = d * TwoBits.get(block, NUMBERS, 16 * j + l) - m;
            }
        }
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        Arrays.fill(block, (byte) 0);
        int[] numbers = new int[KQuants.SUPER_BLOCK];
        KQuants.Affine[] found = new KQuants.Affine[16];
        float maxScale = 0;
        float maxMinimum = 0;
        for (int j = 0; j < 16; j++) {
            found[j] = affine(from, at + 16 * j, numbers, 16 * j);
            maxScale = found[j].scale() > maxScale ? found[j].scale() : maxScale;
            maxMinimum = found[j].minimum() > maxMinimum ? found[j].minimum() : maxMinimum;
        }
        BlockCodec.putHalf(block, SCALE, maxScale > 0 ? maxScale / 15 : 0);
        BlockCodec.putHalf(block, MINIMUM, maxMinimum > 0 ? maxMinimum / 15 : 0);
        for (int j = 0; j < 16; j++) {
            int scale = maxScale > 0 ? KQuants.nearest(15 / maxScale * found[j].scale()) : 0;
            int minimum = maxMinimum > 0 ? KQuants.nearest(15 / maxMinimum * found[j].minimum()) : 0;
            block[j] = (byte) (scale | minimum << 4);
            renumber(from, at + 16 * j, block, j, numbers);
        }
        TwoBits.put(block, NUMBERS, numbers);
    }

    private static KQuants.Affine affine(float[] x, int at, int[] numbers, int first) {
        float[] weights = new float[16];
        for (int l = 0; l < 16; l++) {
            weights[l] = Math.abs(x[at + l]);
        }
        return KQuants.affine(new KQuants.Part(x, at, numbers, first, 16), weights, SEARCH);
    }

    private static void renumber(float[] x, int at, byte[] block, int j, int[] numbers) {
        float d = BlockCodec.half(block, SCALE) * (block[j] & 15);
        if (d != 0) {
            float m = BlockCodec.half(block, MINIMUM) * (block[j] >> 4 & 15);
            for (int l = 0; l < 16; l++) {
                numbers[16 * j + l] = KQuants.nearest((x[at + l] + m) / d, 0, 3);
            }
        }
    }
}
