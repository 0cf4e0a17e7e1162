package io.orrery.engine.tensor;

/**
 * 32 elements: an F16 scale, a zero point and 4-bit numbers; scale · (number - zero). Our own layout of GPTQ weights without act
 * order and of AWQ weights, whose files keep the three apart.
 */
final class INT4Codec implements BlockCodec {
    private static final int NUMBERS = 3;

    @Override
    public void decode(byte[] block, float[] to, int at) {
        float scale = BlockCodec.half(block, 0);
        int zero = block[2] & 0xff;
        for (int j = 0; j < 16; j++) {
            to[at + j] = scale * ((block[NUMBERS + j] & 15) - zero);
            to[at + j + 16] = scale * ((block[NUMBERS + j] >> 4 & 15) - zero);
        }
    }

    /** To the nearest of 16 even steps that hold zero and all values. */
    @Override
    public void encode(float[] from, int at, byte[] block) {
        Extremes ends = Extremes.of(from, at, 32);
        float least = Math.min(0, ends.min());
        BlockCodec.putHalf(block, 0, (Math.max(0, ends.max()) - least) / 15);
        float scale = BlockCodec.half(block, 0);
        float inverse = scale != 0 ? 1 / scale : 0;
        int zero = Math.clamp(Math.round(-least * inverse), 0, 15);
        block[2] = (byte) zero;
        for (int j = 0; j < 16; j++) {
            int low = Math.clamp(Math.round(from[at + j] * inverse) + zero, 0, 15);
            int high = Math.clamp(Math.round(from[at + j + 16] * inverse) + zero, 0, 15);
            block[NUMBERS + j] = (byte) (low | high << 4);
        }
    }
}
