package io.orrery.engine.tensor;

/**
 * 32 elements: a power of two and 4-bit floating-point numbers (OCP microscaling formats 1.0; ggml {@code block_mxfp4},
 * {@code quantize_row_mxfp4_ref}).
 */
final class MXFP4Codec implements BlockCodec {
    /** Twice the values of E2M1, as ggml keeps them beside half of the power. */
    private static final int[] VALUES = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    @Override
    public void decode(byte[] block, float[] to, int at) {
        float half = half(block[0] & 0xff);
        for (int j = 0; j < 16; j++) {
            to[at + j] = VALUES[block[1 + j] & 15] * half;
            to[at + j + 16] = VALUES[block[1 + j] >> 4 & 15] * half;
        }
    }

    /** 2^(e - 128), which is no normal number for 0 and 1. */
    private static float half(int exponent) {
        return Float.intBitsToFloat(exponent < 2 ? 0x00200000 << exponent : exponent - 1 << 23);
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        float magnitude = Math.abs(Extremes.of(from, at, 32).furthest());
        // in single precision, as ggml does: just below a power of two it says the power
        float logarithm = (float) (Math.log(magnitude) / Math.log(2));
        int exponent = magnitude > 0 ? Math.clamp((int) Math.floor(logarithm) - 2 + 127, 0, 254) : 0;
        block[0] = (byte) exponent;
        float half = half(exponent);
        for (int j = 0; j < 16; j++) {
            block[1 + j] = (byte) (nearest(from[at + j], half) | nearest(from[at + j + 16], half) << 4);
        }
    }

    private static int nearest(float x, float half) {
        int best = 0;
        float least = Math.abs(VALUES[0] * half - x);
        for (int i = 1; i < 16; i++) {
            float error = Math.abs(VALUES[i] * half - x);
            if (error < least) {
                best = i;
                least = error;
            }
        }
        return best;
    }
}
