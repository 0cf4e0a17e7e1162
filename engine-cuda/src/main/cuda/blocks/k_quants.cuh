/* ggml's blocks of 256 (ggml-common.h, ggml-quants.c), in ggml's order of operations. A part is 32 elements. */
#pragma once

/* Eight scales and eight minima of six bits in twelve bytes: ggml get_scale_min_k4. */
__device__ __forceinline__ int six_bit_scale(const unsigned char *s, int j) {
    return j < 4 ? s[j] & 63 : (s[j + 4] & 15) | (s[j - 4] >> 6) << 4;
}
__device__ __forceinline__ int six_bit_minimum(const unsigned char *s, int j) {
    return j < 4 ? s[j + 4] & 63 : (s[j + 4] >> 4) | (s[j] >> 6) << 4;
}

/* 16 scales and minima of 4 bits, 256 2-bit numbers, then F16 scales of both. */
struct Q2_K {
    static constexpr int ELEMENTS = 256, BYTES = 84;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        const int part = i / 32, both = block[i / 16];
        const float d = __fmul_rn(half_at(block + 80), static_cast<float>(both & 15));
        const float m = __fmul_rn(half_at(block + 82), static_cast<float>(both >> 4));
        const int number = block[16 + part / 4 * 32 + i % 32] >> 2 * (part % 4) & 3;
        return __fsub_rn(__fmul_rn(d, static_cast<float>(number)), m);
    }
};

/* Third bits, 256 2-bit numbers, 16 signed 6-bit scales, then their F16 scale. */
struct Q3_K {
    static constexpr int ELEMENTS = 256, BYTES = 110;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        const int part = i / 32, j = i / 16;
        const unsigned char *scales = block + 96;
        const int low = j < 8 ? scales[j] & 15 : scales[j - 8] >> 4;
        const int scale = (low | (scales[8 + j % 4] >> 2 * (j / 4) & 3) << 4) - 32;
        const int third = block[i % 32] >> part & 1;
        const int number = (block[32 + part / 4 * 32 + i % 32] >> 2 * (part % 4) & 3) - 4 * (1 - third);
        return __fmul_rn(__fmul_rn(half_at(block + 108), static_cast<float>(scale)), static_cast<float>(number));
    }
};

/* F16 scales of scales and minima, those in 6 bits, then 256 4-bit numbers. */
struct Q4_K {
    static constexpr int ELEMENTS = 256, BYTES = 144;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        const int part = i / 32;
        const float d = __fmul_rn(half_at(block), static_cast<float>(six_bit_scale(block + 4, part)));
        const float m = __fmul_rn(half_at(block + 2), static_cast<float>(six_bit_minimum(block + 4, part)));
        const int number = block[16 + part / 2 * 32 + i % 32] >> 4 * (part % 2) & 15;
        return __fsub_rn(__fmul_rn(d, static_cast<float>(number)), m);
    }
};

/* As Q4_K, with fifth bits before the numbers, a bit a part. */
struct Q5_K {
    static constexpr int ELEMENTS = 256, BYTES = 176;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        const int part = i / 32;
        const float d = __fmul_rn(half_at(block), static_cast<float>(six_bit_scale(block + 4, part)));
        const float m = __fmul_rn(half_at(block + 2), static_cast<float>(six_bit_minimum(block + 4, part)));
        const int low = block[48 + part / 2 * 32 + i % 32] >> 4 * (part % 2) & 15;
        const int number = low | (block[16 + i % 32] >> part & 1) << 4;
        return __fsub_rn(__fmul_rn(d, static_cast<float>(number)), m);
    }
};

/* Lower four and upper two bits of 256 numbers less 32, 16 signed scales, then their F16 scale. */
struct Q6_K {
    static constexpr int ELEMENTS = 256, BYTES = 210;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        const int half = i / 128, quarter = i / 32 % 4, l = i % 32;
        const int low = block[64 * half + 32 * (quarter % 2) + l] >> 4 * (quarter / 2) & 15;
        const int high = block[128 + 32 * half + l] >> 2 * quarter & 3;
        const int scale = static_cast<signed char>(block[192 + i / 16]);
        const float d = __fmul_rn(half_at(block + 208), static_cast<float>(scale));
        return __fmul_rn(d, static_cast<float>((low | high << 4) - 32));
    }
};
