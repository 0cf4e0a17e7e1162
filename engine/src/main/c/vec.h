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
