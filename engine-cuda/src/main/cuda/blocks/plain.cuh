/* Numbers that stand alone: floating point of eight, four, two and one byte. */
#pragma once

struct F64 {
    static constexpr int ELEMENTS = 1, BYTES = 8;
    static __device__ __forceinline__ float at(const unsigned char *p, int) {
        return static_cast<float>(*reinterpret_cast<const double *>(p));
    }
};

struct F32 {
    static constexpr int ELEMENTS = 1, BYTES = 4;
    static __device__ __forceinline__ float at(const unsigned char *p, int) {
        return *reinterpret_cast<const float *>(p);
    }
};

struct F16 {
    static constexpr int ELEMENTS = 1, BYTES = 2;
    static __device__ __forceinline__ float at(const unsigned char *p, int) {
        return __half2float(*reinterpret_cast<const __half *>(p));
    }
};

struct BF16 {
    static constexpr int ELEMENTS = 1, BYTES = 2;
    static __device__ __forceinline__ float at(const unsigned char *p, int) {
        return __bfloat162float(*reinterpret_cast<const __nv_bfloat16 *>(p));
    }
};

/*
 * A sign, an exponent, so many bits of fraction: OCP 8-bit floating point 1.0; torch c10/util/Float8_*.h for the variants
 * whose only NaN is the negative zero.
 */
template <int FRACTION, int BIAS>
__device__ __forceinline__ float minifloat(unsigned byte) {
    const int fraction = byte & ((1 << FRACTION) - 1), exponent = static_cast<int>(byte & 0x7f) >> FRACTION;
    const int whole = exponent == 0 ? fraction : fraction | 1 << FRACTION;
    const float power = __int_as_float((max(1, exponent) - BIAS - FRACTION + 127) << 23);
    const float magnitude = static_cast<float>(whole) * power;
    return byte & 0x80 ? -magnitude : magnitude;
}

struct F8_E4M3 {
    static constexpr int ELEMENTS = 1, BYTES = 1;
    static __device__ __forceinline__ float at(const unsigned char *p, int) {
        return (*p & 0x7f) == 0x7f ? __int_as_float(0x7fc00000) : minifloat<3, 7>(*p);
    }
};

struct F8_E5M2 {
    static constexpr int ELEMENTS = 1, BYTES = 1;
    static __device__ __forceinline__ float at(const unsigned char *p, int) {
        const int sign = static_cast<int>(static_cast<unsigned>(*p & 0x80) << 24);
        if ((*p & 0x7f) >= 0x7c) return __int_as_float((*p & 3) != 0 ? 0x7fc00000 : 0x7f800000 | sign);
        return minifloat<2, 15>(*p);
    }
};

struct F8_E4M3FNUZ {
    static constexpr int ELEMENTS = 1, BYTES = 1;
    static __device__ __forceinline__ float at(const unsigned char *p, int) {
        return *p == 0x80 ? __int_as_float(0x7fc00000) : minifloat<3, 8>(*p);
    }
};

struct F8_E5M2FNUZ {
    static constexpr int ELEMENTS = 1, BYTES = 1;
    static __device__ __forceinline__ float at(const unsigned char *p, int) {
        return *p == 0x80 ? __int_as_float(0x7fc00000) : minifloat<2, 16>(*p);
    }
};

/* A power of two: OCP microscaling formats 1.0. */
struct F8_E8M0 {
    static constexpr int ELEMENTS = 1, BYTES = 1;
    static __device__ __forceinline__ float at(const unsigned char *p, int) {
        if (*p == 255) return __int_as_float(0x7fc00000);
        return __int_as_float(*p == 0 ? 0x00400000 : *p << 23);
    }
};
