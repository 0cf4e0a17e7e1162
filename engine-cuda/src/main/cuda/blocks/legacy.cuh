/* ggml's blocks of 32 behind an F16 scale (ggml-common.h, ggml-quants.c), in ggml's order of operations. */
#pragma once

/* The lower halves of 16 bytes are elements 0 to 15, the upper ones 16 to 31. */
__device__ __forceinline__ int nibble(const unsigned char *numbers, int i) {
    return i < 16 ? numbers[i] & 15 : numbers[i - 16] >> 4;
}

__device__ __forceinline__ int fifth_bit(const unsigned char *bits, int i) {
    return (bits[i / 8] >> (i % 8) & 1) << 4;
}

struct Q8_0 {
    static constexpr int ELEMENTS = 32, BYTES = 34;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        return __fmul_rn(half_at(block), static_cast<float>(static_cast<signed char>(block[2 + i])));
    }
};

struct Q4_0 {
    static constexpr int ELEMENTS = 32, BYTES = 18;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        return __fmul_rn(static_cast<float>(nibble(block + 2, i) - 8), half_at(block));
    }
};

struct Q4_1 {
    static constexpr int ELEMENTS = 32, BYTES = 20;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        return __fadd_rn(__fmul_rn(static_cast<float>(nibble(block + 4, i)), half_at(block)), half_at(block + 2));
    }
};

struct Q5_0 {
    static constexpr int ELEMENTS = 32, BYTES = 22;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        const int number = nibble(block + 6, i) | fifth_bit(block + 2, i);
        return __fmul_rn(static_cast<float>(number - 16), half_at(block));
    }
};

struct Q5_1 {
    static constexpr int ELEMENTS = 32, BYTES = 24;
    static __device__ __forceinline__ float at(const unsigned char *block, int i) {
        const int number = nibble(block + 8, i) | fifth_bit(block + 4, i);
        return __fadd_rn(__fmul_rn(static_cast<float>(number), half_at(block)), half_at(block + 2));
    }
};
