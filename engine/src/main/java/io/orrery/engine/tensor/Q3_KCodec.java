package io.orrery.engine.tensor;

import java.util.Arrays;

/**
 * 256 elements in 16 parts with 6-bit signed scales, 3-bit signed numbers whose third bits lie apart (ggml {@code block_q3_K},
 * {@code quantize_row_q3_K_ref}).
 */
final class Q3_KCodec implements BlockCodec {
    private static final int NUMBERS = 32;
    private static final int SCALES = 96;
    private static final int SCALE = 108;

    @Override
    public void decode(byte[] block, float[] to, int at) {
        float scale = BlockCodec.half(block, SCALE);
        for (int j = 0; j < 16; j++) {
            float d = scale * scale(block, j);
            for (int l = 16 * j; l < 16 * j + 16; l++) {
                int third = block[l % 32] >> l / 32 & 1;
                to[at + l] = d * (TwoBits.get(block, NUMBERS, l) - (third == 0 ? 4 : 0));
            }
        }
    }

    private static int scale(byte[] block, int j) {
        int low = j < 8 ? block[SCALES + j] & 15 : block[SCALES + j - 8] >> 4 & 15;
        return (low | (block[SCALES + 8 + j % 4] >> 2 * (j / 4) & 3) << 4) - 32;
    }

    private static void putScale(byte[] block, int j, int scale) {
        block[SCALES + j % 8] |= (byte) ((scale & 15) << 4 * (j / 8));
        block[SCALES + 8 + j % 4] |= (byte) (scale >> 4 << 2 * (j / 4));
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        Arrays.fill(block, (byte) 0);
        int[] numbers = new int[KQuants.SUPER_BLOCK];
        float[] scales = new float[16];
        for (int j = 0; j < 16; j++) {
            scales[j] = KQuants.descended(new KQuants.Part(from, at + 16 * j, numbers, 16 * j, 16), 4);
        }
        float furthest = Extremes.of(scales, 0, 16).furthest();
        if (furthest != 0) {
            float inverse = -32 / furthest;
            for (int j = 0; j < 16; j++) {
                putScale(block, j, Math.clamp((byte) KQuants.nearest(inverse * scales[j]), -32, 31) + 32);
            }
            BlockCodec.putHalf(block, SCALE, 1 / inverse);
        }
        for (int j = 0; j < 16; j++) {
            float d = BlockCodec.half(block, SCALE) * scale(block, j);
            for (int l = 16 * j; d != 0 && l < 16 * j + 16; l++) {
                numbers[l] = KQuants.nearest(from[at + l] / d, -4, 3) + 4;
            }
        }
        for (int l = 0; l < KQuants.SUPER_BLOCK; l++) {
            block[l % 32] |= (byte) (numbers[l] >> 2 << l / 32);
            numbers[l] &= 3;
        }
        TwoBits.put(block, NUMBERS, numbers);
    }
}
