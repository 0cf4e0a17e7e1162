package io.orrery.engine.tensor;

/**
 * 64 elements: an F32 magnitude and indices into a table of 16 values, the first of two in the upper half of a byte; each product is
 * rounded to the dtype that the weights were quantised from. Our own layout of what bitsandbytes keeps in several tensors.
 *
 * <p>Source of tables and thresholds: bitsandbytes {@code csrc/kernels.cu}, {@code dQuantizeNF4} and {@code dDequantizeFP4Tree}.
 */
record FourBitTable(Table table, Rounding rounding) implements BlockCodec {
    private static final int NUMBERS = 4;

    /** Values by index. */
    enum Table {
        NF4(
                -1,
                -0.6961928009986877f,
                -0.5250730514526367f,
                -0.39491748809814453f,
                -0.28444138169288635f,
                -0.18477343022823334f,
                -0.09105003625154495f,
                0,
                0.07958029955625534f,
                0.16093020141124725f,
                0.24611230194568634f,
                0.33791524171829224f,
                0.44070982933044434f,
                0.5626170039176941f,
                0.7229568362236023f,
                1),
        FP4(
                0,
                0.0052083333f,
                0.66666667f,
                1,
                0.33333333f,
                0.5f,
                0.16666667f,
                0.25f,
                -0f,
                -0.0052083333f,
                -0.66666667f,
                -1,
                -0.33333333f,
                -0.5f,
                -0.16666667f,
                -0.25f);

        private final float[] values;

        Table(float... values) {
            this.values = values;
        }

        float value(int index) {
            return values[index];
        }

        /** The index of the nearest value; of two that are as near, the lower value's. */
        int nearest(float x) {
            int best = 0;
            for (int i = 1; i < 16; i++) {
                float error = Math.abs(values[i] - x);
                float least = Math.abs(values[best] - x);
                if (error < least || error == least && values[i] < values[best]) {
                    best = i;
                }
            }
            return best;
        }
    }

    /** What a product is rounded to. */
    enum Rounding {
        F32 {
            @Override
            float round(float value) {
                return value;
            }
        },
        F16 {
            @Override
            float round(float value) {
                return Float.float16ToFloat(Float.floatToFloat16(value));
            }
        },
        BF16 {
            @Override
            float round(float value) {
                return BF16Format.round(value);
            }
        };

        abstract float round(float value);
    }

    @Override
    public void decode(byte[] block, float[] to, int at) {
        float magnitude = Float.intBitsToFloat(BlockCodec.intAt(block, 0));
        for (int j = 0; j < 32; j++) {
            to[at + 2 * j] = rounding.round(table.value(block[NUMBERS + j] >> 4 & 15) * magnitude);
            to[at + 2 * j + 1] = rounding.round(table.value(block[NUMBERS + j] & 15) * magnitude);
        }
    }

    @Override
    public void encode(float[] from, int at, byte[] block) {
        float magnitude = Math.abs(Extremes.of(from, at, 64).furthest());
        BlockCodec.putInt(block, 0, Float.floatToRawIntBits(magnitude));
        float inverse = magnitude != 0 ? 1 / magnitude : 0;
        for (int j = 0; j < 32; j++) {
            int first = table.nearest(from[at + 2 * j] * inverse);
            int second = table.nearest(from[at + 2 * j + 1] * inverse);
            block[NUMBERS + j] = (byte) (first << 4 | second);
        }
    }
}
