package io.orrery.engine.checkpoint.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BitsandbytesTest {
    private static final String CONFIG = "{\"quant_method\":\"bitsandbytes\",\"load_in_4bit\":true}";
    private static final String STATE = "m.weight.quant_state.bitsandbytes__";

    private static final float[] NF4 = {
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
        1
    };

    private static final float[] FP4 = {
        0,
        0.0625f / 12,
        8f / 12,
        1,
        4f / 12,
        0.5f,
        2f / 12,
        0.25f,
        0,
        -0.0625f / 12,
        -8f / 12,
        -1,
        -4f / 12,
        -0.5f,
        -2f / 12,
        -0.25f
    };

    private final byte[] numbers = new byte[1 << 14];

    @ParameterizedTest
    @CsvSource({
        "nf4, 3, 128,   64, bfloat16, NF4_BF16",
        "nf4, 4, 64,    64, float16,  NF4_F16",
        "nf4, 2, 64, 64, float32, NF4",
        "fp4, 3, 128,   64, bfloat16, FP4_BF16",
        "fp4, 4, 64,   128, float16,  FP4_F16",
        "fp4, 2, 64, 64, float32, FP4",
        "nf4, 5, 192, 4096, bfloat16, NF4_BF16",
        "nf4, 7, 64,   128, bfloat16, NF4_BF16",
        "nf4, 3, 128,   32, bfloat16, BF16",
        "nf4, 5, 13,    64, float16,  F16",
        "nf4, 9, 96, 64, float32, F32",
        "fp4, 1, 1,     64, bfloat16, BF16",
        "fp4, 3, 33,  4096, float32,  F32",
    })
    void fourBitsAreTableTimesMagnitudeRoundedOnce(
            String type, int rows, int cols, int block, String dtype, DType layout) {
        int count = Math.ceilDiv(rows * cols, block);
        float[] table = type.equals("nf4") ? NF4 : FP4;
        TinyParts parts = fourBits(type, rows, cols, block, dtype).scales("m.weight.absmax", DType.F32, 5, count);
        float[] magnitudes = parts.values("m.weight.absmax");
        Map<String, Tensor> joined =
                parts.put("m.bias", TinyTensors.f32(Shape.of(1), 3)).joined(CONFIG);
        assertThat(joined).containsOnlyKeys("m.weight", "m.bias");
        Tensor weight = joined.get("m.weight");
        assertThat(weight.shape()).isEqualTo(Shape.of(rows, cols));
        assertThat(weight.dtype()).isEqualTo(layout);
        float[] want = new float[rows * cols];
        for (int i = 0; i < want.length; i++) {
            int both = numbers[i / 2] & 255;
            want[i] = rounded(table[i % 2 == 0 ? both >> 4 : both & 15] * magnitudes[i / block], dtype);
        }
        assertSame(weight.decode(), want);
        assertSame(weight.decode(rows - 1, rows), Arrays.copyOfRange(want, (rows - 1) * cols, rows * cols));
    }

    @ParameterizedTest
    @CsvSource({"64, 256", "32, 256", "64, 16"})
    void nestedMagnitudesAreThemselvesATableTimesAMagnitude(int block, int nestedBlock) {
        int rows = 300;
        int cols = 64;
        int count = rows * cols / block;
        byte[] codes = new byte[count];
        new Random(9).nextBytes(codes);
        Random random = new Random(10);
        float[] map = new float[256];
        for (int i = 0; i < map.length; i++) {
            map[i] = random.nextFloat() - 0.5f;
        }
        TinyParts parts = fourBits("nf4", rows, cols, block, "bfloat16")
                .u8("m.weight.absmax", codes, count)
                .f32("m.weight.nested_quant_map", map)
                .scales("m.weight.nested_absmax", DType.F32, 6, Math.ceilDiv(count, nestedBlock))
                .text(
                        STATE + "nf4",
                        state(
                                "nf4",
                                rows,
                                cols,
                                block,
                                "bfloat16",
                                ",\"nested_blocksize\":" + nestedBlock
                                        + ",\"nested_dtype\":\"float32\",\"nested_offset\":0.05213459}"));
        float[] above = parts.values("m.weight.nested_absmax");
        float[] want = new float[rows * cols];
        for (int i = 0; i < want.length; i++) {
            int b = i / block;
            float product = map[codes[b] & 255] * above[b / nestedBlock];
            float magnitude = product + 0.05213459f;
            int both = numbers[i / 2] & 255;
            want[i] = rounded(NF4[i % 2 == 0 ? both >> 4 : both & 15] * magnitude, "bfloat16");
        }
        assertSame(parts.joined(CONFIG).get("m.weight").decode(), want);
    }

    @Test
    void theFilesOwnTableIsTheTable() {
        float[] own = NF4.clone();
        own[3] = -0.4f;
        TinyParts parts = fourBits("nf4", 2, 64, 64, "float32")
                .f32("m.weight.absmax", 1, 2)
                .f32("m.weight.quant_map", own);
        Tensor weight = parts.joined(CONFIG).get("m.weight");
        assertThat(weight.dtype()).isEqualTo(DType.F32);
        int at = 0;
        while ((numbers[at / 2] >> (at % 2 == 0 ? 4 : 0) & 15) != 3) {
            at++;
        }
        assertThat(weight.decode()[at]).isEqualTo(-0.4f * (at / 64 + 1));
    }

    @Test
    void bytesMayBeKeptInWiderElements() {
        TinyParts parts = fourBits("nf4", 2, 64, 64, "float32").f32("m.weight.absmax", 1, 2);
        float[] want = parts.joined(CONFIG).get("m.weight").decode();
        HostMemory bytes = new HostMemory(MemorySegment.ofArray(Arrays.copyOf(numbers, 64)));
        parts.put("m.weight", new Tensor(DType.BF16, Shape.of(32, 1), bytes));
        assertThat(parts.joined(CONFIG).get("m.weight").decode()).isEqualTo(want);
    }

    @Test
    void eightBitsAreScaledByTheirRow() {
        TinyParts parts = new TinyParts()
                .put("m.weight", TinyTensors.bytes(DType.I8, 3, 5, 7))
                .scales("m.SCB", DType.F32, 4, 5)
                .u8("m.weight_format", new byte[1])
                .put("m.bias", TinyTensors.f32(Shape.of(1), 3));
        byte[] stored = TinyTensors.bytes(TinyTensors.bytes(DType.I8, 3, 5, 7));
        float[] scales = parts.values("m.SCB");
        Map<String, Tensor> joined = parts.joined("{\"load_in_8bit\":true}");
        assertThat(joined).containsOnlyKeys("m.weight", "m.bias");
        float[] got = joined.get("m.weight").decode();
        for (int i = 0; i < got.length; i++) {
            assertThat(got[i]).isEqualTo(stored[i] * scales[i / 7] * 7.874015718698502e-3f);
        }
        parts.u8("m.weight_format", new byte[] {2}).assertRefused(CONFIG, "m.weight_format is not 0");
    }

    @Test
    void partsThatAreMissingAreNamed() {
        for (String part : new String[] {"m.weight", "m.weight.absmax", "m.weight.quant_map"}) {
            whole().without(part).assertRefused(CONFIG, "of a quantised weight, " + part + " is missing");
        }
        whole().without(STATE + "nf4").assertRefused(CONFIG, " stands alone");
        new TinyParts()
                .u8("m.weight", new byte[4], 4, 1)
                .assertRefused(CONFIG, "m.weight.quant_state.bitsandbytes__nf4 is missing");
        whole().u8("m.weight.absmax", new byte[2], 2)
                .assertRefused(CONFIG, "m.weight.absmax is U8 without a nested state");
    }

    @Test
    void partsOfAnotherShapeAreNamed() {
        whole().u8("m.weight", new byte[63], 63, 1)
                .assertRefused(CONFIG, "m.weight has 63 bytes and not the 64 of [2, 64]");
        whole().f32("m.weight.absmax", 1).assertRefused(CONFIG, "m.weight.absmax is [1] and not [2]");
        whole().f32("m.weight.quant_map", 1, 2).assertRefused(CONFIG, "m.weight.quant_map is [2] and not [16]");
        whole().put("m.weight.absmax", TinyTensors.bytes(DType.I32, 1, 2))
                .assertRefused(CONFIG, "m.weight.absmax is I32 and not [F32, U8]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|is of shape",
                "[|is no state of bitsandbytes",
                "{\"shape\":[2,-64],\"blocksize\":64,\"dtype\":\"float32\"}|is of shape [2,-64]",
                "{\"shape\":[2,64],\"blocksize\":0,\"dtype\":\"float32\"}|has the blocksize 0",
                "{\"shape\":[2,64],\"dtype\":\"float32\"}|has the blocksize null",
                "{\"shape\":[2,64],\"blocksize\":64,\"dtype\":\"int8\"}|is of dtype 'int8'",
                "{\"shape\":[2147483647,2147483647,2147483647],\"blocksize\":64,\"dtype\":\"float32\"}|is no state",
            })
    void statesThatMakeNoSenseAreRefused(String state, String told) {
        whole().text(STATE + "nf4", state).assertRefused(CONFIG, told);
    }

    private TinyParts whole() {
        return fourBits("nf4", 2, 64, 64, "float32").f32("m.weight.absmax", 1, 2);
    }

    private TinyParts fourBits(String type, int rows, int cols, int block, String dtype) {
        new Random(1).nextBytes(numbers);
        int bytes = Math.ceilDiv(rows * cols, 2);
        return new TinyParts()
                .u8("m.weight", Arrays.copyOf(numbers, bytes), bytes, 1)
                .f32("m.weight.quant_map", type.equals("nf4") ? NF4 : FP4)
                .text(STATE + type, state(type, rows, cols, block, dtype, "}"));
    }

    private static String state(String type, int rows, int cols, int block, String dtype, String more) {
        return "{\"quant_type\":\"" + type + "\",\"blocksize\":" + block + ",\"dtype\":\"" + dtype + "\",\"shape\":["
                + rows + "," + cols + "]" + more;
    }

    private static float rounded(float value, String dtype) {
        DType type = dtype.equals("float16") ? DType.F16 : dtype.equals("bfloat16") ? DType.BF16 : DType.F32;
        MemorySegment bytes = MemorySegment.ofArray(new byte[4]);
        BlockFormat.of(type).quantize(new float[] {value}, 0, bytes, 0, 1);
        float[] rounded = new float[1];
        BlockFormat.of(type).dequantize(bytes, 0, rounded, 0, 1);
        return rounded[0];
    }

    /** Bit for bit, but for the sign of a zero. */
    private static void assertSame(float[] got, float[] want) {
        assertThat(got.length).isEqualTo(want.length);
        for (int i = 0; i < want.length; i++) {
            assertThat(got[i] + 0f).as("element " + i).isEqualTo(want[i] + 0f);
        }
    }
}
