/* IEEE binary16 and bfloat16 with the conversions of cuda_fp16.h and cuda_bf16.h that the kernels use. */
#pragma once

namespace emulator {

inline float half_to_float(unsigned short h) {
    const unsigned sign = (h & 0x8000u) << 16, exponent = h >> 10 & 31, mantissa = h & 1023;
    if (exponent == 31) return bits<float>(sign | 0x7f800000u | mantissa << 13);
    if (exponent == 0) {
        const float value = static_cast<float>(mantissa) * 0x1p-24f;
        return sign ? -value : value;
    }
    return bits<float>(sign | (exponent + 112) << 23 | mantissa << 13);
}

/* Round to nearest, ties to even. */
inline unsigned short float_to_half(float x) {
    const unsigned u = bits<unsigned>(x), sign = u >> 16 & 0x8000, magnitude = u & 0x7fffffff;
    if (magnitude > 0x7f800000) return 0x7fff;
    if (magnitude >= 0x477ff000) return sign | 0x7c00;
    if (magnitude < 0x38800000) {
        /* adding one half leaves the subnormal's bits at the end of the mantissa, rounded */
        return sign | (bits<unsigned>(bits<float>(magnitude) + 0.5f) - 0x3f000000u);
    }
    return sign | ((magnitude - 0x38000000u + 0xfff + (magnitude >> 13 & 1)) >> 13);
}

inline float bfloat_to_float(unsigned short b) {
    return bits<float>(static_cast<unsigned>(b) << 16);
}

inline unsigned short float_to_bfloat(float x) {
    const unsigned u = bits<unsigned>(x);
    if ((u & 0x7fffffff) > 0x7f800000) return 0x7fff;
    return (u + 0x7fff + (u >> 16 & 1)) >> 16;
}

}  // namespace emulator

#define EMULATED_HALF(name, raw, decode, encode)                           \
    struct raw {                                                           \
        unsigned short x;                                                  \
    };                                                                     \
    struct name {                                                          \
        unsigned short bits;                                               \
        name() = default;                                                  \
        name(float value) : bits(emulator::encode(value)) {}               \
        explicit name(double value) : name(static_cast<float>(value)) {}   \
        explicit name(int value) : name(static_cast<float>(value)) {}      \
        name(raw from) : bits(from.x) {}                                   \
        operator float() const { return emulator::decode(bits); }          \
    };                                                                     \
    struct alignas(4) name##2_pair {                                       \
        name x, y;                                                         \
    };                                                                     \
    inline name operator+(name a, name b) { return float(a) + float(b); }  \
    inline name operator-(name a, name b) { return float(a) - float(b); }  \
    inline name operator*(name a, name b) { return float(a) * float(b); }  \
    inline name operator-(name a) { return -float(a); }                    \
    inline name __hadd(name a, name b) { return a + b; }                   \
    inline name __hsub(name a, name b) { return a - b; }                   \
    inline name __hmul(name a, name b) { return a * b; }                   \
    inline name __hfma(name a, name b, name c) {                           \
        return static_cast<float>(static_cast<double>(float(a)) * float(b) + float(c)); \
    }

EMULATED_HALF(__half, __half_raw, half_to_float, float_to_half)
EMULATED_HALF(__nv_bfloat16, __nv_bfloat16_raw, bfloat_to_float, float_to_bfloat)
#undef EMULATED_HALF

using half = __half;
using __half2 = __half2_pair;
using half2 = __half2;
using nv_bfloat16 = __nv_bfloat16;
using __nv_bfloat162 = __nv_bfloat162_pair;
using nv_bfloat162 = __nv_bfloat162;

inline float __half2float(__half h) { return h; }
inline __half __float2half(float x) { return x; }
inline __half __float2half_rn(float x) { return x; }
inline __half __ushort_as_half(unsigned short x) { return __half_raw{x}; }
inline unsigned short __half_as_ushort(__half h) { return h.bits; }
inline __half2 __halves2half2(__half a, __half b) { return {a, b}; }
inline __half2 __floats2half2_rn(float a, float b) { return {a, b}; }
inline __half2 __float22half2_rn(float2 x) { return {x.x, x.y}; }
inline __half2 __half2half2(__half x) { return {x, x}; }
inline __half2 __float2half2_rn(float x) { return {x, x}; }
inline float2 __half22float2(__half2 h) { return {h.x, h.y}; }
inline float __low2float(__half2 h) { return h.x; }
inline float __high2float(__half2 h) { return h.y; }
inline __half __low2half(__half2 h) { return h.x; }
inline __half __high2half(__half2 h) { return h.y; }
inline __half2 __hadd2(__half2 a, __half2 b) { return {a.x + b.x, a.y + b.y}; }
inline __half2 __hsub2(__half2 a, __half2 b) { return {a.x - b.x, a.y - b.y}; }
inline __half2 __hmul2(__half2 a, __half2 b) { return {a.x * b.x, a.y * b.y}; }
inline __half2 __hfma2(__half2 a, __half2 b, __half2 c) { return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)}; }

inline float __bfloat162float(__nv_bfloat16 b) { return b; }
inline __nv_bfloat16 __float2bfloat16(float x) { return x; }
inline __nv_bfloat16 __float2bfloat16_rn(float x) { return x; }
inline __nv_bfloat16 __ushort_as_bfloat16(unsigned short x) { return __nv_bfloat16_raw{x}; }
inline unsigned short __bfloat16_as_ushort(__nv_bfloat16 b) { return b.bits; }
inline __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) { return {a, b}; }
inline __nv_bfloat162 __floats2bfloat162_rn(float a, float b) { return {a, b}; }
inline __nv_bfloat162 __float22bfloat162_rn(float2 x) { return {x.x, x.y}; }
inline __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 x) { return {x, x}; }
inline __nv_bfloat162 __float2bfloat162_rn(float x) { return {x, x}; }
inline float2 __bfloat1622float2(__nv_bfloat162 b) { return {b.x, b.y}; }
inline float __low2float(__nv_bfloat162 b) { return b.x; }
inline float __high2float(__nv_bfloat162 b) { return b.y; }
inline __nv_bfloat162 __hadd2(__nv_bfloat162 a, __nv_bfloat162 b) { return {a.x + b.x, a.y + b.y}; }
inline __nv_bfloat162 __hsub2(__nv_bfloat162 a, __nv_bfloat162 b) { return {a.x - b.x, a.y - b.y}; }
inline __nv_bfloat162 __hmul2(__nv_bfloat162 a, __nv_bfloat162 b) { return {a.x * b.x, a.y * b.y}; }
inline __nv_bfloat162 __hfma2(__nv_bfloat162 a, __nv_bfloat162 b, __nv_bfloat162 c) {
    return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)};
}
