package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Floating-point numbers of one byte, which are read and never written.
 *
 * <p>Source: OCP 8-bit floating point specification 1.0 (E4M3, E5M2), OCP microscaling formats 1.0 (E8M0), and torch
 * {@code c10/util/Float8_*.h} for the variants without negative zero and infinity.
 */
record F8Format(DType dtype) implements BlockFormat {
    @Override
    public void dequantize(MemorySegment from, long fromOffset, float[] to, int toOffset, int elements) {
        float[] values = values(dtype);
        for (int i = 0; i < elements; i++) {
            to[toOffset + i] = values[from.get(ValueLayout.JAVA_BYTE, fromOffset + i) & 0xff];
        }
    }

    /** @throws UnsupportedOperationException always */
    @Override
    public void quantize(float[] from, int fromOffset, MemorySegment to, long toOffset, int elements) {
        throw new UnsupportedOperationException(dtype + " is read only; write BF16, which holds all its numbers");
    }

    private static float[] values(DType dtype) {
        return switch (dtype) {
            case F8_E4M3 -> Tables.E4M3;
            case F8_E5M2 -> Tables.E5M2;
            case F8_E4M3FNUZ -> Tables.E4M3FNUZ;
            case F8_E5M2FNUZ -> Tables.E5M2FNUZ;
            case F8_E8M0 -> Tables.E8M0;
            default -> throw new IllegalArgumentException(dtype + " is no floating-point number of one byte");
        };
    }

    /** The value of every byte. */
    private static final class Tables {
        private static final float[] E4M3 = signed(3, 7);
        private static final float[] E5M2 = signed(2, 15);
        private static final float[] E4M3FNUZ = signed(3, 8);
        private static final float[] E5M2FNUZ = signed(2, 16);
        private static final float[] E8M0 = new float[256];

        static {
            E4M3[0x7f] = Float.NaN;
            E4M3[0xff] = Float.NaN;
            for (int sign = 0; sign <= 0x80; sign += 0x80) {
                E5M2[sign | 0x7c] = sign == 0 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
                E5M2[sign | 0x7d] = Float.NaN;
                E5M2[sign | 0x7e] = Float.NaN;
                E5M2[sign | 0x7f] = Float.NaN;
            }
            E4M3FNUZ[0x80] = Float.NaN;
            E5M2FNUZ[0x80] = Float.NaN;
            for (int bits = 0; bits < 255; bits++) {
                E8M0[bits] = Math.scalb(1f, bits - 127);
            }
            E8M0[255] = Float.NaN;
        }

        private Tables() {}

        /** A sign, an exponent and so many bits of fraction, every byte a number. */
        private static float[] signed(int fractionBits, int bias) {
            float[] values = new float[256];
            for (int bits = 0; bits < 256; bits++) {
                int fraction = bits & (1 << fractionBits) - 1;
                int exponent = (bits & 0x7f) >> fractionBits;
                int whole = exponent == 0 ? fraction : fraction | 1 << fractionBits;
                float magnitude = Math.scalb((float) whole, Math.max(1, exponent) - bias - fractionBits);
                values[bits] = bits < 0x80 ? magnitude : -magnitude;
            }
            return values;
        }
    }
}
