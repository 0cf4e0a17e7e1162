package io.orrery.engine.tensor;

import java.util.Arrays;

/**
 * 256 elements in 16 parts with 8-bit signed scales, 6-bit numbers less 32, their lower four and upper two bits apart (ggml
 * {@code block_q6_K}, {@code quantize_row_q6_K_ref}).
 */
final class Q6_KCodec implements BlockCodec {
    private static final int UPPER = 128;
    private static final int SCALES = 192;
    private static final int SCALE = 208;

    @Override
    public void decode(byte[] block, float[] to, int at) {
        float scale = BlockCodec.half(block, SCALE);
        for (int j = 0; j < 16; j++) {
            float d = scale * block[SCALES + j];
            for (int l = 16 * j; l < 16 * j + 16; l++) {
                int four = block[lower(l)] >> 4 * (l % 128 / 64) & 15;
                int two = block[upper(l)] >> 2 * (l % 128 / 32) & 3;
                to[at + l] = d * ((four | two << 4) - 32);
            }
        }
    }

    /** Elements 64 apart share a byte. */
    private static int lower(int element) {
        return 64 * (element / 128) + element % 64;
    }

    /** Elements 32 apart share a byte. */
    private static int upper(int element) {
        return UPPER + 32 * (element / 128) + element % 32;
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        Arrays.fill(block, (byte) 0);
        int[] numbers = new int[KQuants.SUPER_BLOCK];
        float[] scales = new float[16];
        for (int j = 0; j < 16; j++) {
            scales[j] = KQuants.symmetric(new KQuants.Part(from, at + 16 * j, numbers, 16 * j, 16), 32);
        }
        float furthest = Extremes.of(scales, 0, 16).furthest();
        if (KQuants.isNothing(Math.abs(furthest))) {
            return;
        }
        float inverse = -128 / furthest;
        BlockCodec.putHalf(block, SCALE, 1 / inverse);
        for (int j = 0; j < 16; j++) {
            block[SCALES + j] = (byte) Math.min(127, KQuants.nearest(inverse * scales[j]));
            float d = BlockCodec.half(block, SCALE) * block[SCALES + j];
            for (int l = 16 * j; d != 0 && l < 16 * j + 16; l++) {
                numbers[l] = KQuants.nearest(from[at + l] / d, -32, 31) + 32;
            }
        }
        for (int l = 0; l < KQuants.SUPER_BLOCK; l++) {
            block[lower(l)] |= (byte) ((numbers[l] & 15) << 4 * (l % 128 / 64));
            block[upper(l)] |= (byte) (numbers[l] >> 4 << 2 * (l % 128 / 32));
        }
    }
}
