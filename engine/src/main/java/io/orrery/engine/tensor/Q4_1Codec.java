package io.orrery.engine.tensor;

/** 32 elements: F16 scale and minimum, and 4-bit numbers (ggml {@code block_q4_1}, {@code quantize_row_q4_1_ref}). */
final class Q4_1Codec implements BlockCodec {
    @Override
    public void decode(byte[] block, float[] to, int at) {
        float d = BlockCodec.half(block, 0);
        float m = BlockCodec.half(block, 2);
        for (int j = 0; j < 16; j++) {
            to[at + j] = (block[4 + j] & 15) * d + m;
            to[at + j + 16] = (block[4 + j] >> 4 & 15) * d + m;
        }
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        Extremes ends = Extremes.of(from, at, 32);
        float d = (ends.max() - ends.min()) / 15;
        float inverse = d != 0 ? 1 / d : 0;
        BlockCodec.putHalf(block, 0, d);
        BlockCodec.putHalf(block, 2, ends.min());
        for (int j = 0; j < 16; j++) {
            int low = Math.min(15, (byte) ((from[at + j] - ends.min()) * inverse + 0.5f));
            int high = Math.min(15, (byte) ((from[at + j + 16] - ends.min()) * inverse + 0.5f));
            block[4 + j] = (byte) (low | high << 4);
        }
    }
}
