package io.orrery.engine.tensor;

/** 32 elements: an F16 scale and 4-bit numbers of {@link NonLinear4} (ggml {@code block_iq4_nl}). */
final class IQ4_NLCodec implements BlockCodec {
    @Override
    public void decode(byte[] block, float[] to, int at) {
        NonLinear4.decode(block, 2, BlockCodec.half(block, 0), to, at);
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        float d = NonLinear4.scale(from, at);
        BlockCodec.putHalf(block, 0, d);
        NonLinear4.encode(from, at, d, block, 2);
    }
}
