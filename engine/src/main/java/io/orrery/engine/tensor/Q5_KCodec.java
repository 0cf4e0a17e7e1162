package io.orrery.engine.tensor;

import java.util.Arrays;

/**
 * 256 elements in 8 parts with 6-bit scales and minima, 5-bit numbers whose fifth bits lie apart, a bit a part (ggml
 * {@code block_q5_K}, {@code quantize_row_q5_K_ref}).
 */
final class Q5_KCodec implements BlockCodec {
    private static final KQuants.Search SEARCH = new KQuants.Search(31, -0.5f, 0.1f, 15, false);
    private static final int FIFTH = 16;
    private static final int NUMBERS = 48;

    @Override
    public void decode(byte[] block, float[] to, int at) {
        for (int j = 0; j < 8; j++) {
            float d = BlockCodec.half(block, 0) * SixBitScales.scale(block, 4, j);
            float m = BlockCodec.half(block, 2) * SixBitScales.minimum(block, 4, j);
            int shift = 4 * (j % 2);
            for (int l = 0; l < 32; l++) {
                int four = block[NUMBERS + 32 * (j / 2) + l] >> shift & 15;
                to[at + 32 * j + l] = d * (four | (block[FIFTH + l] >> j & 1) << 4) - m;
            }
        }
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        Arrays.fill(block, (byte) 0);
        int[] numbers = new int[KQuants.SUPER_BLOCK];
        SixBitScales.encode(from, at, block, numbers, SEARCH);
        for (int j = 0; j < 8; j++) {
            for (int l = 0; l < 32; l++) {
                int number = numbers[32 * j + l];
                block[FIFTH + l] |= (byte) (number >> 4 << j);
                block[NUMBERS + 32 * (j / 2) + l] |= (byte) ((number & 15) << 4 * (j % 2));
            }
        }
    }
}
