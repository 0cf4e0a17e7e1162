package io.orrery.engine.tensor;

import java.util.Arrays;

/** 256 elements in 8 parts with 6-bit scales and minima, 4-bit numbers (ggml {@code block_q4_K}, {@code quantize_row_q4_K_ref}). */
final class Q4_KCodec implements BlockCodec {
    private static final KQuants.Search SEARCH = new KQuants.Search(15, -1, 0.1f, 20, false);

    @Override
    public void decode(byte[] block, float[] to, int at) {
        for (int j = 0; j < 8; j++) {
            float d = BlockCodec.half(block, 0) * SixBitScales.scale(block, 4, j);
            float m = BlockCodec.half(block, 2) * SixBitScales.minimum(block, 4, j);
            int numbers = 16 + 32 * (j / 2);
            int shift = 4 * (j % 2);
            for (int l = 0; l < 32; l++) {
                to[at + 32 * j + l] = d * (block[numbers + l] >> shift & 15) - m;
            }
        }
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        Arrays.fill(block, (byte) 0);
        int[] numbers = new int[KQuants.SUPER_BLOCK];
        SixBitScales.encode(from, at, block, numbers, SEARCH);
        for (int j = 0; j < 4; j++) {
            for (int l = 0; l < 32; l++) {
                block[16 + 32 * j + l] = (byte) (numbers[64 * j + l] | numbers[64 * j + 32 + l] << 4);
            }
        }
    }
}
