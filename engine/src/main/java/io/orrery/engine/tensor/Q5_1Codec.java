package io.orrery.engine.tensor;

/** 32 elements: F16 scale and minimum, and 5-bit numbers (ggml {@code block_q5_1}, {@code quantize_row_q5_1_ref}). */
final class Q5_1Codec implements BlockCodec {
    @Override
    public void decode(byte[] block, float[] to, int at) {
        float d = BlockCodec.half(block, 0);
        float m = BlockCodec.half(block, 2);
        for (int j = 0; j < 32; j++) {
            to[at + j] = FifthBits.get(block, 4, 8, j) * d + m;
        }
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        Extremes ends = Extremes.of(from, at, 32);
        float d = (ends.max() - ends.min()) / 31;
        float inverse = d != 0 ? 1 / d : 0;
        BlockCodec.putHalf(block, 0, d);
        BlockCodec.putHalf(block, 2, ends.min());
        int[] numbers = new int[32];
        for (int j = 0; j < 32; j++) {
            numbers[j] = (int) ((from[at + j] - ends.min()) * inverse + 0.5f);
        }
        FifthBits.put(block, 4, 8, numbers);
    }
}
