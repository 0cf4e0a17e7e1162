package io.orrery.engine.tensor;

import java.util.Arrays;

/** 256 elements in 8 parts with 6-bit signed scales, 4-bit numbers of {@link NonLinear4} (ggml {@code block_iq4_xs}). */
final class IQ4_XSCodec implements BlockCodec {
    private static final int SCALES_HIGH = 2;
    private static final int SCALES_LOW = 4;
    private static final int NUMBERS = 8;

    @Override
    public void decode(byte[] block, float[] to, int at) {
        float scale = BlockCodec.half(block, 0);
        for (int j = 0; j < 8; j++) {
            NonLinear4.decode(block, NUMBERS + 16 * j, scale * scale(block, j), to, at + 32 * j);
        }
    }

    private static int scale(byte[] block, int j) {
        int low = block[SCALES_LOW + j / 2] >> 4 * (j % 2) & 15;
        return (low | (BlockCodec.shortAt(block, SCALES_HIGH) >> 2 * j & 3) << 4) - 32;
    }

    private static void putScale(byte[] block, int j, int scale) {
        block[SCALES_LOW + j / 2] |= (byte) ((scale & 15) << 4 * (j % 2));
        int high = BlockCodec.shortAt(block, SCALES_HIGH) | scale >> 4 << 2 * j;
        BlockCodec.putShort(block, SCALES_HIGH, high);
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        Arrays.fill(block, (byte) 0);
        float[] scales = new float[8];
        for (int j = 0; j < 8; j++) {
            scales[j] = NonLinear4.scale(from, at + 32 * j);
        }
        float d = -Extremes.of(scales, 0, 8).furthest() / 32;
        float inverse = d != 0 ? 1 / d : 0;
        BlockCodec.putHalf(block, 0, d);
        for (int j = 0; j < 8; j++) {
            int l = KQuants.nearest(inverse * scales[j], -32, 31);
            NonLinear4.encode(from, at + 32 * j, d * l, block, NUMBERS + 16 * j);
            putScale(block, j, l + 32);
        }
    }
}
