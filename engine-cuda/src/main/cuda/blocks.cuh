/*
 * Every way to store a row of numbers that kernels decode: a struct with ELEMENTS, BYTES and at(block, i), which gives the
 * number that the Java codec of the dtype's name gives, bit for bit. Products and sums are rounded one by one (__fmul_rn,
 * __fadd_rn), since nvcc would fuse them.
 */
#pragma once
#include "device.cuh"

/* An F16 number at any address. */
__device__ __forceinline__ float half_at(const unsigned char *p) {
    return __half2float(__ushort_as_half(static_cast<unsigned short>(p[0] | p[1] << 8)));
}

#include "blocks/plain.cuh"

#include "blocks/legacy.cuh"

#include "blocks/k_quants.cuh"

#include "blocks/tables.cuh"

/* Element i of a row. */
template <class Block>
__device__ __forceinline__ float element_of(const unsigned char *row, int i) {
    return Block::at(row + static_cast<long long>(i / Block::ELEMENTS) * Block::BYTES, i % Block::ELEMENTS);
}

template <class Block>
__device__ __forceinline__ const unsigned char *row_of(const unsigned char *rows, int row, int cols) {
    return rows + static_cast<long long>(row) * (cols / Block::ELEMENTS) * Block::BYTES;
}

/* X(struct, name in kernels): the dtype's in lower case. */
#define FOR_EACH_BLOCK(X)                                                                              \
    X(F64, f64) X(F32, f32) X(F16, f16) X(BF16, bf16) X(F8_E4M3, f8_e4m3) X(F8_E5M2, f8_e5m2)          \
    X(F8_E4M3FNUZ, f8_e4m3fnuz) X(F8_E5M2FNUZ, f8_e5m2fnuz) X(F8_E8M0, f8_e8m0) X(Q8_0, q8_0)          \
    X(Q4_0, q4_0) X(Q4_1, q4_1) X(Q5_0, q5_0) X(Q5_1, q5_1) X(Q2_K, q2_k) X(Q3_K, q3_k) X(Q4_K, q4_k)  \
    X(Q5_K, q5_k) X(Q6_K, q6_k) X(IQ4_NL, iq4_nl) X(IQ4_XS, iq4_xs) X(MXFP4, mxfp4) X(NF4, nf4)        \
    X(NF4_F16, nf4_f16) X(NF4_BF16, nf4_bf16) X(FP4, fp4) X(FP4_F16, fp4_f16) X(FP4_BF16, fp4_bf16)    \
    X(INT4, int4)
