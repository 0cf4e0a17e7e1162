package io.orrery.engine.tensor;

/** 32 elements: an F16 scale and 5-bit numbers less 16 (ggml {@code block_q5_0}, {@code quantize_row_q5_0_ref}). */
final class Q5_0Codec implements BlockCodec {
    @Override
    public void decode(byte[] block, float[] to, int at) {
        float d = BlockCodec.half(block, 0);
        for (int j = 0; j < 32; j++) {
            to[at + j] = (FifthBits.get(block, 2, 6, j) - 16) * d;
        }
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        float d = Extremes.of(from, at, 32).furthest() / -16;
        float inverse = d != 0 ? 1 / d : 0;
        BlockCodec.putHalf(block, 0, d);
        int[] numbers = new int[32];
        for (int j = 0; j < 32; j++) {
            numbers[j] = Math.min(31, (byte) (from[at + j] * inverse + 16.5f));
        }
        FifthBits.put(block, 2, 6, numbers);
    }
}
