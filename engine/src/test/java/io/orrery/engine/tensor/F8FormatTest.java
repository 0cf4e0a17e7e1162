package io.orrery.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class F8FormatTest {
    /** The tables of the specifications: smallest and largest of each kind of number. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "F8_E4M3, 0x01, 0.001953125",
        "F8_E4M3, 0x07, 0.013671875",
        "F8_E4M3, 0x08, 0.015625",
        "F8_E4M3, 0x38, 1",
        "F8_E4M3, 0x39, 1.125",
        "F8_E4M3, 0x7e, 448",
        "F8_E4M3, 0xfe, -448",
        "F8_E4M3, 0x7f, NaN",
        "F8_E4M3, 0xff, NaN",
        "F8_E4M3, 0x80, -0.0",
        "F8_E5M2, 0x01, 0.0000152587890625",
        "F8_E5M2, 0x3c, 1",
        "F8_E5M2, 0x7b, 57344",
        "F8_E5M2, 0x7c, Infinity",
        "F8_E5M2, 0xfc, -Infinity",
        "F8_E5M2, 0x7d, NaN",
        "F8_E4M3FNUZ, 0x01, 0.0009765625",
        "F8_E4M3FNUZ, 0x40, 1",
        "F8_E4M3FNUZ, 0x7f, 240",
        "F8_E4M3FNUZ, 0x80, NaN",
        "F8_E5M2FNUZ, 0x01, 0.00000762939453125",
        "F8_E5M2FNUZ, 0x40, 1",
        "F8_E5M2FNUZ, 0x7f, 57344",
        "F8_E5M2FNUZ, 0x80, NaN",
        "F8_E8M0, 0x00, 5.877471754111438E-39",
        "F8_E8M0, 0x7f, 1",
        "F8_E8M0, 0xfe, 1.7014118346046923E38",
        "F8_E8M0, 0xff, NaN"
    })
    void aByteIsTheNumberOfTheSpecification(DType dtype, String bits, Float value) {
        assertThat((Float) decode(dtype, Integer.decode(bits))).isEqualTo(value);
    }

    @ParameterizedTest
    @EnumSource(names = {"F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F8_E8M0"})
    void greaterBytesAreGreaterNumbersThatBf16HoldsExactly(DType dtype) {
        float before = -1;
        for (int bits = 0; bits < (dtype == DType.F8_E8M0 ? 0xff : 0x7c); bits++) {
            float value = decode(dtype, bits);
            assertThat(value).as("byte %s", bits).isGreaterThan(before);
            assertThat(BF16Format.round(value)).as("byte %s", bits).isEqualTo(value);
            before = value;
        }
    }

    @Test
    void theyAreNotWritten() {
        assertThatThrownBy(() -> BlockFormat.of(DType.F8_E4M3)
                        .quantize(new float[1], 0, MemorySegment.ofArray(new byte[1]), 0, 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("read only");
    }

    private static float decode(DType dtype, int bits) {
        float[] value = new float[1];
        BlockFormat.of(dtype).dequantize(MemorySegment.ofArray(new byte[] {(byte) bits}), 0, value, 0, 1);
        return value[0];
    }
}
