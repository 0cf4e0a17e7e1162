package io.orrery.engine.tensor;

import java.util.Optional;

/**
 * How a tensor's elements are stored. A block type packs {@link #blockElements} neighbouring elements of a row into
 * {@link #blockBytes} bytes; every other type is a block of one.
 *
 * <p>Sources of the numbers: ggml {@code ggml.h} (ids) and {@code ggml-common.h} (blocks); safetensors {@code tensor.rs} (names).
 */
public enum DType {
    F64(28, 1, 8, "F64"),
    F32(0, 1, 4, "F32"),
    F16(1, 1, 2, "F16"),
    BF16(30, 1, 2, "BF16"),
    I64(27, 1, 8, "I64"),
    I32(26, 1, 4, "I32"),
    I16(25, 1, 2, "I16"),
    I8(24, 1, 1, "I8"),
    U64(-1, 1, 8, "U64"),
    U32(-1, 1, 4, "U32"),
    U16(-1, 1, 2, "U16"),
    U8(-1, 1, 1, "U8"),
    BOOL(-1, 1, 1, "BOOL"),
    F8_E4M3(-1, 1, 1, "F8_E4M3"),
    F8_E5M2(-1, 1, 1, "F8_E5M2"),
    F8_E8M0(-1, 1, 1, "F8_E8M0"),
    F8_E4M3FNUZ(-1, 1, 1, "F8_E4M3FNUZ"),
    F8_E5M2FNUZ(-1, 1, 1, "F8_E5M2FNUZ"),
    C64(-1, 1, 8, "C64"),
    F6_E2M3(-1, 4, 3, "F6_E2M3"),
    F6_E3M2(-1, 4, 3, "F6_E3M2"),
    F4(-1, 2, 1, "F4"),
    Q4_0(2, 32, 18, ""),
    Q4_1(3, 32, 20, ""),
    Q5_0(6, 32, 22, ""),
    Q5_1(7, 32, 24, ""),
    Q8_0(8, 32, 34, ""),
    Q8_1(9, 32, 36, ""),
    Q2_K(10, 256, 84, ""),
    Q3_K(11, 256, 110, ""),
    Q4_K(12, 256, 144, ""),
    Q5_K(13, 256, 176, ""),
    Q6_K(14, 256, 210, ""),
    Q8_K(15, 256, 292, ""),
    IQ1_S(19, 256, 50, ""),
    IQ1_M(29, 256, 56, ""),
    IQ2_XXS(16, 256, 66, ""),
    IQ2_XS(17, 256, 74, ""),
    IQ2_S(22, 256, 82, ""),
    IQ3_XXS(18, 256, 98, ""),
    IQ3_S(21, 256, 110, ""),
    IQ4_NL(20, 32, 18, ""),
    IQ4_XS(23, 256, 136, ""),
    TQ1_0(34, 256, 54, ""),
    TQ2_0(35, 256, 66, ""),
    MXFP4(39, 32, 17, ""),
    /** bitsandbytes NF4 in a layout of ours, rounded to nothing, F16 or BF16; FP4 likewise. */
    NF4(-1, 64, 36, ""),
    NF4_F16(-1, 64, 36, ""),
    NF4_BF16(-1, 64, 36, ""),
    FP4(-1, 64, 36, ""),
    FP4_F16(-1, 64, 36, ""),
    FP4_BF16(-1, 64, 36, ""),
    /** GPTQ and AWQ of four bits in a layout of ours. */
    INT4(-1, 32, 19, "");

    private final int ggmlId;
    private final int blockElements;
    private final int blockBytes;
    private final String safetensorsName;

    DType(int ggmlId, int blockElements, int blockBytes, String safetensorsName) {
        this.ggmlId = ggmlId;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.safetensorsName = safetensorsName;
    }

    /** The type number in a GGUF file, or -1 where GGUF has none. */
    public int ggmlId() {
        return ggmlId;
    }

    public int blockElements() {
        return blockElements;
    }

    public int blockBytes() {
        return blockBytes;
    }

    /** The name in a safetensors header, empty where that format has none. */
    public String safetensorsName() {
        return safetensorsName;
    }

    /** Bytes of so many elements. @throws IllegalArgumentException where they do not fill whole blocks */
    public long bytes(long elements) {
        if (elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    elements + " elements do not fill whole " + name() + " blocks of " + blockElements);
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }

    public static Optional<DType> ofGgmlId(int id) {
        for (DType type : values()) {
            if (type.ggmlId == id && id >= 0) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public static Optional<DType> ofSafetensorsName(String name) {
        for (DType type : values()) {
            if (!name.isEmpty() && type.safetensorsName.equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
