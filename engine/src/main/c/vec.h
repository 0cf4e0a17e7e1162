/*
 * One vector register of floats at each instruction level: AVX-512 (16 lanes), AVX2 with FMA (8), and four lanes in the
 * compiler's own vectors anywhere else. Multiply-add is fused only where vfma says so and the level has it.
 */
#ifndef ORRERY_VEC_H
#define ORRERY_VEC_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define EXPORT __attribute__((visibility("default")))
#define UNROLL _Pragma("GCC unroll 16")

INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
INLINE int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

typedef float v4 __attribute__((vector_size(16), aligned(4), may_alias));

INLINE float half_to_float_bits(uint16_t h) {
    /* Exponent and fraction shifted into place, then scaled by 2^112, which also gets subnormals right. */
    uint32_t magnitude = (uint32_t)(h & 0x7fff) << 13;
    uint32_t infinite = (h & 0x7c00) == 0x7c00 ? 0x70000000u : 0;
    float f;
    memcpy(&f, &magnitude, 4);
    f *= 0x1p112f;
    uint32_t bits;
    memcpy(&bits, &f, 4);
    bits |= infinite | (uint32_t)(h & 0x8000) << 16;
    memcpy(&f, &bits, 4);
    return f;
}

#if defined(__AVX512F__)
#include "vec_avx512.h"
#elif defined(__AVX2__) && defined(__FMA__)
#include "vec_avx2.h"
#else
#include "vec_portable.h"
#endif

INLINE vf vneg(vf a) { return vsub(vzero(), a); }

/* The lanes' sum, and their greatest, in a fixed order. */
INLINE float vsum(vf a) { return vsum4(a, vzero(), vzero(), vzero())[0]; }

#endif
