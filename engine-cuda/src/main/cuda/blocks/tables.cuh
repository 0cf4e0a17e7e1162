/* Four-bit numbers that are looked up: ggml's IQ4_NL, IQ4_XS and MXFP4, bitsandbytes' NF4 and FP4; and INT4 of GPTQ and AWQ. */
#pragma once

/* ggml kvalues_iq4nl. */
__device__ __forceinline__ float non_linear_4(int number) {
    const float values[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    return values[number & 15];
}

struct IQ4_NL {
    static constexpr int ELEMENTS = 32, BYTES = 18;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        return __fmul_rn(half_at(block), non_linear_4(nibble(block + 2, i)));
    }
};

/* An F16 scale, 8 signed 6-bit scales, then the numbers. */
struct IQ4_XS {
    static constexpr int ELEMENTS = 256, BYTES = 136;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        const int part = i / 32, high = block[2] | block[3] << 8;
        const int scale = (block[4 + part / 2] >> 4 * (part % 2) & 15) | (high >> 2 * part & 3) << 4;
        const float d = __fmul_rn(half_at(block), static_cast<float>(scale - 32));
        return __fmul_rn(d, non_linear_4(nibble(block + 8 + 16 * part, i % 32)));
    }
};

/* A power of two, then E2M1 numbers, here doubled, beside half of the power. */
struct MXFP4 {
    static constexpr int ELEMENTS = 32, BYTES = 17;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        const float values[8] = {0, 1, 2, 3, 4, 6, 8, 12};
        const int number = nibble(block + 1, i);
        const float half = __int_as_float(block[0] < 2 ? 0x00200000 << block[0] : (block[0] - 1) << 23);
        const float magnitude = values[number & 7];
        /* the table has no negative zero */
        return __fmul_rn(number > 8 ? -magnitude : magnitude, half);
    }
};

/* An F32 magnitude, then 64 indices, the upper half of a byte first: bitsandbytes csrc/kernels.cu. */
template <bool NF4>
__device__ __forceinline__ float bitsandbytes(const unsigned char *block, int i) {
    const float nf4[16] = {-1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
                           -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0.0f,
                           0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
                           0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f};
    const float fp4[8] = {0.0f, 0.0052083333f, 0.66666667f, 1.0f, 0.33333333f, 0.5f, 0.16666667f, 0.25f};
    const int byte = block[4 + i / 2], number = i % 2 == 0 ? byte >> 4 : byte & 15;
    const float value = NF4 ? nf4[number] : number < 8 ? fp4[number] : -fp4[number - 8];
    return __fmul_rn(value, *reinterpret_cast<const float *>(block));
}

__device__ __forceinline__ float rounded_to_f16(float x) {
    return __half2float(__float2half_rn(x));
}
__device__ __forceinline__ float rounded_to_bf16(float x) {
    return __bfloat162float(__float2bfloat16_rn(x));
}

#define BITSANDBYTES(NAME, IS_NF4, ROUND)                                                 \
    struct NAME {                                                                         \
        static constexpr int ELEMENTS = 64, BYTES = 36;                                   \
        static __device__ __forceinline__ float at(const unsigned char *block, int i) {   \
            return ROUND(bitsandbytes<IS_NF4>(block, i));                                 \
        }                                                                                 \
    };
BITSANDBYTES(NF4, true, )
BITSANDBYTES(NF4_F16, true, rounded_to_f16)
BITSANDBYTES(NF4_BF16, true, rounded_to_bf16)
BITSANDBYTES(FP4, false, )
BITSANDBYTES(FP4_F16, false, rounded_to_f16)
BITSANDBYTES(FP4_BF16, false, rounded_to_bf16)
#undef BITSANDBYTES

/* An F16 scale, a zero point, then 32 4-bit numbers. */
struct INT4 {
    static constexpr int ELEMENTS = 32, BYTES = 19;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        return __fmul_rn(half_at(block), static_cast<float>(nibble(block + 3, i) - block[2]));
    }
};
