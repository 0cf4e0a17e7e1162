package io.orrery.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every format against its formulas written down a second time, in the order of the bytes, and against its own encoder. */
class BlockFormulasTest {
    private static final int BLOCKS = 200;
    private static final int[] IQ4 = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    private static final int[] E2M1 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    static Stream<DType> formats() {
        return Arrays.stream(DType.values()).filter(BlockFormulasTest::hasFormulas);
    }

    private static boolean hasFormulas(DType dtype) {
        return switch (dtype) {
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4, INT4 -> true;
            default -> false;
        };
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anyBytesDecodeAsTheFormulasSay(DType dtype) {
        byte[] bytes = new byte[BLOCKS * dtype.blockBytes()];
        new Random(dtype.ordinal()).nextBytes(bytes);
        float[] got = new float[BLOCKS * dtype.blockElements()];
        BlockFormat.of(dtype).dequantize(MemorySegment.ofArray(bytes), 0, got, 0, got.length);
        float[] want = new float[got.length];
        for (int b = 0; b < BLOCKS; b++) {
            byte[] block = Arrays.copyOfRange(bytes, b * dtype.blockBytes(), (b + 1) * dtype.blockBytes());
            new Formulas(block, want, b * dtype.blockElements()).decode(dtype);
        }
        for (int i = 0; i < got.length; i++) {
            assertThat(Float.floatToIntBits(got[i])).as("element %s", i).isEqualTo(Float.floatToIntBits(want[i]));
        }
    }

    /** ggml's single-precision logarithm of the number below a power of two is the power's. */
    @Test
    void theExponentOfMxfp4IsThatOfASinglePrecisionLogarithm() {
        for (int power : new int[] {-20, -9, -4, 4, 5, 11, 20}) {
            float[] values = new float[32];
            values[3] = -Math.nextDown(Math.scalb(1f, power));
            byte[] block = new byte[DType.MXFP4.blockBytes()];
            BlockFormat.of(DType.MXFP4).quantize(values, 0, MemorySegment.ofArray(block), 0, 32);
            assertThat(block[0] & 0xff).as("below 2^%s", power).isEqualTo(power - 2 + 127);
        }
    }

    /** A value is at most so many of the largest steps of its block away. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "Q4_0",
                "Q4_1",
                "Q5_0",
                "Q5_1",
                "Q8_0",
                "Q2_K",
                "Q3_K",
                "Q4_K",
                "Q5_K",
                "Q6_K",
                "IQ4_NL",
                "IQ4_XS",
                "MXFP4",
                "NF4",
                "NF4_BF16",
                "FP4",
                "INT4"
            })
    void whatIsEncodedComesBackNearby(DType dtype) {
        Random random = new Random(3);
        float[] values = new float[20 * 256];
        double power = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
            power += values[i] * values[i];
        }
        float[] back = roundTrip(dtype, values);
        double error = 0;
        for (int i = 0; i < values.length; i++) {
            error += (back[i] - values[i]) * (back[i] - values[i]);
        }
        int bits = dtype.blockBytes() * 8 / dtype.blockElements();
        // half a bit worse than a uniform quantiser over ±4 deviations, of as many bits as the format has for all
        double step = 8 / Math.pow(2, bits);
        assertThat(error / power).isLessThan(2 * step * step / 12);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void extremeValuesNeitherThrowNorHang(DType dtype) {
        for (float value : new float[] {
            0,
            -0f,
            1e-38f,
            Float.MIN_VALUE,
            1e38f,
            Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN
        }) {
            float[] values = new float[512];
            Arrays.fill(values, value);
            values[300] = 1;
            assertThatCode(() -> roundTrip(dtype, values)).as("%s", value).doesNotThrowAnyException();
        }
        for (float value : roundTrip(dtype, new float[512])) {
            assertThat(Math.abs(value)).isZero();
        }
    }

    private static float[] roundTrip(DType dtype, float[] values) {
        byte[] bytes = new byte[(int) dtype.bytes(values.length)];
        BlockFormat.of(dtype).quantize(values, 0, MemorySegment.ofArray(bytes), 0, values.length);
        float[] back = new float[values.length];
        BlockFormat.of(dtype).dequantize(MemorySegment.ofArray(bytes), 0, back, 0, back.length);
        return back;
    }

    /** One block's bytes, and where its elements go one after the other or by index. */
    private record Formulas(byte[] b, float[] y, int at) {
        void decode(DType dtype) {
            switch (dtype) {
                case Q4_0 -> pairs(2, j -> f16(0) * (j - 8));
                case Q4_1 -> pairs(4, j -> j * f16(0) + f16(2));
                case Q5_0 -> five(2, 6, j -> (j - 16) * f16(0));
                case Q5_1 -> five(4, 8, j -> j * f16(0) + f16(2));
                case Q8_0 -> {
                    for (int j = 0; j < 32; j++) {
                        y[at + j] = b[2 + j] * f16(0);
                    }
                }
                case IQ4_NL -> pairs(2, j -> f16(0) * IQ4[j]);
                case MXFP4 -> pairs(1, j -> (float) (E2M1[j] * Math.pow(2, u8(0) - 128)));
                case INT4 -> pairs(3, j -> f16(0) * (j - u8(2)));
                case Q2_K -> q2k();
                case Q3_K -> q3k();
                case Q4_K -> q4k(false);
                case Q5_K -> q4k(true);
                case Q6_K -> q6k();
                case IQ4_XS -> iq4xs();
                default -> throw new IllegalArgumentException(dtype.name());
            }
        }

        private interface Value {
            float of(int number);
        }

        private int u8(int i) {
            return Byte.toUnsignedInt(b[i]);
        }

        private int u16(int i) {
            return u8(i) + 256 * u8(i + 1);
        }

        private float f16(int i) {
            return Float.float16ToFloat((short) u16(i));
        }

        private void pairs(int from, Value value) {
            for (int j = 0; j < 16; j++) {
                y[at + j] = value.of(u8(from + j) % 16);
                y[at + j + 16] = value.of(u8(from + j) / 16);
            }
        }

        private void five(int high, int low, Value value) {
            for (int j = 0; j < 32; j++) {
                int four = j < 16 ? u8(low + j) % 16 : u8(low + j - 16) / 16;
                y[at + j] = value.of(four + 16 * (u8(high + j / 8) >> j % 8 & 1));
            }
        }

        private void q2k() {
            int is = 0;
            int out = at;
            for (int q = 16; q < 80; q += 32) {
                for (int shift = 0; shift < 8; shift += 2) {
                    for (int half = 0; half < 2; half++) {
                        int sc = u8(is++);
                        for (int l = 0; l < 16; l++) {
                            float d = f16(80) * (sc & 15);
                            float m = f16(82) * (sc >> 4);
                            y[out++] = d * (u8(q + 16 * half + l) >> shift & 3) - m;
                        }
                    }
                }
            }
        }

        private void q3k() {
            int is = 0;
            int out = at;
            int m = 1;
            for (int q = 32; q < 96; q += 32) {
                for (int shift = 0; shift < 8; shift += 2) {
                    for (int half = 0; half < 2; half++) {
                        int low = is < 8 ? u8(96 + is) & 15 : u8(96 + is - 8) >> 4;
                        int sc = (low | (u8(104 + is % 4) >> 2 * (is / 4) & 3) << 4) - 32;
                        is++;
                        for (int l = 0; l < 16; l++) {
                            int number = u8(q + 16 * half + l) >> shift & 3;
                            y[out++] = f16(108) * sc * (number - ((u8(16 * half + l) & m) != 0 ? 0 : 4));
                        }
                    }
                    m <<= 1;
                }
            }
        }

        private void q4k(boolean fifth) {
            int q = fifth ? 48 : 16;
            for (int j = 0; j < 8; j++) {
                int sc = j < 4 ? u8(4 + j) & 63 : u8(8 + j) & 15 | u8(j) >> 6 << 4;
                int m = j < 4 ? u8(8 + j) & 63 : u8(8 + j) >> 4 | u8(4 + j) >> 6 << 4;
                for (int l = 0; l < 32; l++) {
                    int number = j % 2 == 0 ? u8(q + 16 * j + l) & 15 : u8(q + 16 * (j - 1) + l) >> 4;
                    int high = fifth ? (u8(16 + l) >> j & 1) * 16 : 0;
                    y[at + 32 * j + l] = f16(0) * sc * (number + high) - f16(2) * m;
                }
            }
        }

        private void q6k() {
            for (int n = 0; n < 2; n++) {
                for (int l = 0; l < 32; l++) {
                    int h = u8(128 + 32 * n + l);
                    int a = u8(64 * n + l);
                    int c = u8(64 * n + l + 32);
                    int[] numbers = {
                        a & 15 | (h & 3) << 4,
                        c & 15 | (h >> 2 & 3) << 4,
                        a >> 4 | (h >> 4 & 3) << 4,
                        c >> 4 | h >> 6 << 4
                    };
                    for (int k = 0; k < 4; k++) {
                        int sc = b[192 + 8 * n + l / 16 + 2 * k];
                        y[at + 128 * n + 32 * k + l] = f16(208) * sc * (numbers[k] - 32);
                    }
                }
            }
        }

        private void iq4xs() {
            for (int ib = 0; ib < 8; ib++) {
                int ls = u8(4 + ib / 2) >> 4 * (ib % 2) & 15 | (u16(2) >> 2 * ib & 3) << 4;
                float dl = f16(0) * (ls - 32);
                for (int j = 0; j < 16; j++) {
                    y[at + 32 * ib + j] = dl * IQ4[u8(8 + 16 * ib + j) & 15];
                    y[at + 32 * ib + j + 16] = dl * IQ4[u8(8 + 16 * ib + j) >> 4];
                }
            }
        }
    }
}
