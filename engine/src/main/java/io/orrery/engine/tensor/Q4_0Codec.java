package io.orrery.engine.tensor;

/** 32 elements: an F16 scale and 4-bit numbers less 8 (ggml {@code block_q4_0}, {@code quantize_row_q4_0_ref}). */
final class Q4_0Codec implements BlockCodec {
    @Override
    public void decode(byte[] block, float[] to, int at) {
        float d = BlockCodec.half(block, 0);
        for (int j = 0; j < 16; j++) {
            to[at + j] = ((block[2 + j] & 15) - 8) * d;
            to[at + j + 16] = ((block[2 + j] >> 4 & 15) - 8) * d;
        }
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        float d = Extremes.of(from, at, 32).furthest() / -8;
        float inverse = d != 0 ? 1 / d : 0;
        BlockCodec.putHalf(block, 0, d);
        for (int j = 0; j < 16; j++) {
            int low = Math.min(15, (byte) (from[at + j] * inverse + 8.5f));
            int high = Math.min(15, (byte) (from[at + j + 16] * inverse + 8.5f));
            block[2 + j] = (byte) (low | high << 4);
        }
    }
}
