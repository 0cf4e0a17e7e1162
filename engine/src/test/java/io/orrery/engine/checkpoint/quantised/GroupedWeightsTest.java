package io.orrery.engine.checkpoint.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GPTQ and AWQ: numbers are packed here word by word as their authors' code packs them, and every value is recomputed. */
class GroupedWeightsTest {
    private int in = 96;
    private int out = 64;

    private final Random random = new Random(7);

    @ParameterizedTest
    @CsvSource({
        "2, 32, gptq, F16, INT4", "3, 32, gptq, F16, INT4", "4, 32, gptq, F16, INT4", "8, 32, gptq, F16, F32",
        "2, 32, gptq_v2, F16, INT4", "3, 64, gptq_v2, F16, INT4", "4, -1, gptq_v2, F16, INT4",
                "8, 64, gptq_v2, F16, F32",
        "4, 16, gptq, F16, F32", "4, 48, gptq, F16, F32", "4, 32, gptq, BF16, F32", "3, -1, gptq, F32, F32",
    })
    void gptqIsScaleTimesNumberLessZero(int bits, int group, String format, DType scale, DType layout) {
        int[][] numbers = numbers(in, out, bits);
        int[][] zeros = numbers(groups(group), out, bits);
        TinyParts parts = gptq(bits, numbers, zeros).scales("m.scales", scale, 3, groups(group), out);
        Tensor weight = weight(parts, bits, group, format);
        assertThat(weight.dtype()).isEqualTo(layout);
        assertValues(
                weight,
                parts,
                numbers,
                (n, k) -> zeros[k / size(group)][n] + (format.equals("gptq") ? 1 : 0),
                order(group));
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "4", "8"})
    void inputsInAnotherOrderFindTheirGroup(int bits) {
        int[][] numbers = numbers(in, out, bits);
        int[][] zeros = numbers(3, out, bits);
        int[] order = random.ints(in, 0, 3).toArray();
        TinyParts parts = gptq(bits, numbers, zeros)
                .scales("m.scales", DType.F16, 3, 3, out)
                .i32("m.g_idx", order, in);
        Tensor weight = weight(parts, bits, 32, "gptq");
        assertThat(weight.dtype()).isEqualTo(DType.F32);
        assertValues(weight, parts, numbers, (n, k) -> zeros[order[k]][n] + 1, order);
        parts.i32("m.g_idx", order(32), in);
        if (bits <= 4) {
            assertThat(weight(parts, bits, 32, "gptq").dtype()).isEqualTo(DType.INT4);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 16", "4, 8", "4, 40", "8, 4"})
    void sidesNeedOnlyFillWholeWords(int bits, int rest) {
        in = 64 + rest;
        out = 32 + rest;
        int[][] numbers = numbers(in, out, bits);
        int[][] zeros = numbers(groups(32), out, bits);
        TinyParts parts = gptq(bits, numbers, zeros).scales("m.scales", DType.F16, 3, groups(32), out);
        assertValues(weight(parts, bits, 32, "gptq"), parts, numbers, (n, k) -> zeros[k / 32][n] + 1, order(32));
    }

    /** qlinear_cuda of AutoGPTQ has 16, its older twin 0; the formula has 16. */
    @Test
    void aStoredZeroOf15IsOneOf16() {
        int[][] numbers = numbers(in, out, 4);
        int[][] zeros = new int[3][out];
        Arrays.stream(zeros).forEach(row -> Arrays.fill(row, 15));
        TinyParts parts = gptq(4, numbers, zeros).scales("m.scales", DType.F16, 3, 3, out);
        assertValues(weight(parts, 4, 32, "gptq"), parts, numbers, (_, _) -> 16, order(32));
    }

    @Test
    void symmetricZerosInTheMiddleAreOfTheSecondVersionWhateverItIsCalled() {
        int[][] numbers = numbers(in, out, 4);
        int[][] zeros = new int[3][out];
        Arrays.stream(zeros).forEach(row -> Arrays.fill(row, 8));
        TinyParts parts = gptq(4, numbers, zeros).scales("m.scales", DType.F16, 3, 3, out);
        assertValues(weight(parts, 4, 32, "gptq"), parts, numbers, (_, _) -> 8, order(32));
        String asymmetric = "{\"quant_method\":\"gptq\",\"bits\":4,\"group_size\":32,\"sym\":false}";
        assertValues(parts.joined(asymmetric).get("m.weight"), parts, numbers, (_, _) -> 9, order(32));
        zeros[2][63] = 7;
        TinyParts mixed = gptq(4, numbers, zeros).scales("m.scales", DType.F16, 3, 3, out);
        assertValues(weight(mixed, 4, 32, "gptq"), mixed, numbers, (n, k) -> zeros[k / 32][n] + 1, order(32));
    }

    @ParameterizedTest
    @CsvSource({"32, F16, INT4", "-1, F16, INT4", "48, F16, F32", "32, BF16, F32"})
    void awqHasItsOwnOrderOfRows(int group, DType scale, DType layout) {
        int[][] numbers = numbers(in, out, 4);
        int[][] zeros = numbers(groups(group), out, 4);
        TinyParts parts = new TinyParts()
                .i32("m.qweight", awqPacked(numbers), in, out / 8)
                .i32("m.qzeros", awqPacked(zeros), zeros.length, out / 8)
                .scales("m.scales", scale, 3, groups(group), out)
                .put("m.bias", TinyTensors.f32(Shape.of(1), 3));
        Map<String, Tensor> joined =
                parts.joined("{\"quant_method\":\"awq\",\"bits\":4,\"group_size\":" + group + ",\"version\":\"GEMM\"}");
        assertThat(joined).containsOnlyKeys("m.weight", "m.bias");
        Tensor weight = joined.get("m.weight");
        assertThat(weight.dtype()).isEqualTo(layout);
        assertValues(weight, parts, numbers, (n, k) -> zeros[k / size(group)][n], order(group));
    }

    @Test
    void partsThatAreMissingOrIllShapedAreNamed() {
        String config = "{\"quant_method\":\"gptq\",\"bits\":4,\"group_size\":32}";
        whole().without("m.qzeros").assertRefused(config, "m.qzeros is missing");
        whole().without("m.scales").assertRefused(config, "m.scales is missing");
        whole().without("m.qweight").assertRefused(config, "m.qzeros stands alone");
        whole().scales("m.scales", DType.F16, 1, 2, out).assertRefused(config, "m.scales is [2, 64] and not [3, 64]");
        whole().i32("m.qzeros", new int[3], 3, 1).assertRefused(config, "m.qzeros is [3, 1] and not [3, 8]");
        whole().i32("m.g_idx", new int[3], 3).assertRefused(config, "m.g_idx is [3] and not [96]");
        int[] wrong = new int[in];
        wrong[5] = 3;
        whole().i32("m.g_idx", wrong, in).assertRefused(config, "m.g_idx gives input 5 the group 3 of 3");
        wrong[5] = -1;
        whole().i32("m.g_idx", wrong, in).assertRefused(config, "m.g_idx gives input 5 the group -1 of 3");
        whole().i32("m.qweight", new int[12 * 63], 12, 63).assertRefused(config, "m.qweight is [12, 63], which is no");
        whole().i32("m.qweight", new int[11 * out], 11, out)
                .assertRefused(config.replace(":4", ":3"), "m.qweight is [11, 64], which is no");
        whole().f32("m.qweight", 1).assertRefused(config, "m.qweight is F32 and not [I32]");
        String awq = "{\"quant_method\":\"awq\"}";
        whole().i32("m.qweight", new int[33], 33).assertRefused(awq, "m.qweight is [33], which is no");
        whole().without("m.qzeros")
                .i32("m.qweight", new int[128 * 8], 128, 8)
                .scales("m.scales", DType.F16, 1, 1, 64)
                .assertRefused(awq, "m.qzeros is missing");
    }

    private TinyParts whole() {
        return gptq(4, numbers(in, out, 4), numbers(3, out, 4)).scales("m.scales", DType.F16, 3, 3, out);
    }

    private interface Zero {
        int of(int n, int k);
    }

    private void assertValues(Tensor weight, TinyParts parts, int[][] numbers, Zero zero, int[] group) {
        float[] scales = parts.values("m.scales");
        assertThat(weight.shape()).isEqualTo(Shape.of(out, in));
        float[] got = weight.decode();
        for (int n = 0; n < out; n++) {
            for (int k = 0; k < in; k++) {
                assertThat(got[n * in + k])
                        .as("[%d, %d]", n, k)
                        .isEqualTo(scales[group[k] * out + n] * (numbers[k][n] - zero.of(n, k)));
            }
        }
        assertThat(weight.decode(5, 7)).isEqualTo(Arrays.copyOfRange(got, 5 * in, 7 * in));
    }

    private static Tensor weight(TinyParts parts, int bits, int group, String format) {
        return parts.joined("{\"quant_method\":\"gptq\",\"bits\":" + bits + ",\"group_size\":" + group
                        + ",\"desc_act\":false,\"checkpoint_format\":\"" + format + "\"}")
                .get("m.weight");
    }

    private int size(int group) {
        return group < 0 ? in : group;
    }

    private int groups(int group) {
        return Math.ceilDiv(in, size(group));
    }

    private int[] order(int group) {
        int[] order = new int[in];
        Arrays.setAll(order, k -> k / size(group));
        return order;
    }

    private int[][] numbers(int rows, int cols, int bits) {
        int[][] numbers = new int[rows][];
        Arrays.setAll(numbers, _ -> random.ints(cols, 0, 1 << bits).toArray());
        return numbers;
    }

    /** {@code numbers[k][n]} down the inputs, {@code zeros[g][n]} along the rows. */
    private TinyParts gptq(int bits, int[][] numbers, int[][] zeros) {
        int words = in * bits / 32;
        int[] weights = new int[words * out];
        for (int n = 0; n < out; n++) {
            int column = n;
            int[] packed = packed(
                    bits, Arrays.stream(numbers).mapToInt(row -> row[column]).toArray());
            for (int w = 0; w < words; w++) {
                weights[w * out + n] = packed[w];
            }
        }
        int[] packedZeros = Arrays.stream(zeros)
                .flatMapToInt(row -> Arrays.stream(packed(bits, row)))
                .toArray();
        return new TinyParts()
                .i32("m.qweight", weights, words, out)
                .i32("m.qzeros", packedZeros, zeros.length, out * bits / 32);
    }

    private static int[] packed(int bits, int[] values) {
        if (bits == 3) {
            return packedInThrees(values);
        }
        int perWord = 32 / bits;
        int[] words = new int[values.length / perWord];
        for (int i = 0; i < values.length; i++) {
            words[i / perWord] |= values[i] << bits * (i % perWord);
        }
        return words;
    }

    /** AutoGPTQ's pack for 3 bits: ten numbers and two bits, one bit and ten and one bit, two bits and ten. */
    private static int[] packedInThrees(int[] values) {
        int[] words = new int[values.length * 3 / 32];
        for (int block = 0; block < values.length / 32; block++) {
            int i = block * 32;
            int w = block * 3;
            for (int j = 0; j < 10; j++) {
                words[w] |= values[i + j] << 3 * j;
            }
            words[w] |= values[i + 10] << 30;
            words[w + 1] |= values[i + 10] >> 2 & 1;
            for (int j = 0; j < 10; j++) {
                words[w + 1] |= values[i + 11 + j] << 3 * j + 1;
            }
            words[w + 1] |= values[i + 21] << 31;
            words[w + 2] |= values[i + 21] >> 1 & 3;
            for (int j = 0; j < 10; j++) {
                words[w + 2] |= values[i + 22 + j] << 3 * j + 2;
            }
        }
        return words;
    }

    /** AutoAWQ's from_linear: place i of a word holds the row order[i] of its eight. */
    private int[] awqPacked(int[][] lines) {
        int[] order = {0, 2, 4, 6, 1, 3, 5, 7};
        int perLine = out / 8;
        int[] words = new int[lines.length * perLine];
        for (int line = 0; line < lines.length; line++) {
            for (int c = 0; c < perLine; c++) {
                for (int i = 0; i < 8; i++) {
                    words[line * perLine + c] |= lines[line][c * 8 + order[i]] << 4 * i;
                }
            }
        }
        return words;
    }
}
