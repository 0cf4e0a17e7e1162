#include <immintrin.h>

#define VL 16
/* Rows and columns of a tile that leave registers for the operands: dot products, and rows times broadcasts. */
#define DOT_M 6
#define DOT_BLOCK 16
#define DOT_CHUNK 512
#define TILE_M 12
#define TILE_CHUNK 256

typedef __m512 vf;

INLINE __mmask16 lanes(int64_t n) { return (__mmask16)((1u << n) - 1); }

INLINE vf vzero(void) { return _mm512_setzero_ps(); }
INLINE vf vset(float a) { return _mm512_set1_ps(a); }
INLINE vf vload(const float *p) { return _mm512_loadu_ps(p); }
INLINE vf vload_part(const float *p, int64_t n) { return _mm512_maskz_loadu_ps(lanes(n), p); }
INLINE void vstore(float *p, vf a) { _mm512_storeu_ps(p, a); }
INLINE void vstore_part(float *p, vf a, int64_t n) { _mm512_mask_storeu_ps(p, lanes(n), a); }
INLINE vf vadd(vf a, vf b) { return _mm512_add_ps(a, b); }
INLINE vf vsub(vf a, vf b) { return _mm512_sub_ps(a, b); }
INLINE vf vmul(vf a, vf b) { return _mm512_mul_ps(a, b); }
INLINE vf vdiv(vf a, vf b) { return _mm512_div_ps(a, b); }
INLINE vf vsqrt(vf a) { return _mm512_sqrt_ps(a); }
INLINE vf vfma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
/* The second operand where either is NaN. */
INLINE vf vmax(vf a, vf b) { return _mm512_max_ps(a, b); }
INLINE vf vmin(vf a, vf b) { return _mm512_min_ps(a, b); }
INLINE vf vabs(vf a) { return _mm512_abs_ps(a); }
INLINE vf vround(vf a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
/* a · 2^n for whole n. */
INLINE vf vscale(vf a, vf n) { return _mm512_scalef_ps(a, n); }
/* then where a < b, otherwise other. */
INLINE vf vwhere_less(vf a, vf b, vf then, vf other) {
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), other, then);
}
INLINE vf vwith_sign(vf magnitude, vf sign) {
    __m512i bit = _mm512_set1_epi32((int)0x80000000u);
    return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(
        bit, _mm512_castps_si512(sign), _mm512_castps_si512(magnitude), 0xca));
}
INLINE float vgreatest(vf a) { return _mm512_reduce_max_ps(a); }

/* Four vectors to their four sums. */
INLINE v4 vsum4(vf a, vf b, vf c, vf d) {
    __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
    __m512 all = _mm512_add_ps(_mm512_shuffle_ps(ab, cd, 0x44), _mm512_shuffle_ps(ab, cd, 0xee));
    __m256 half = _mm256_add_ps(_mm512_castps512_ps256(all), _mm512_extractf32x8_ps(all, 1));
    return (v4)_mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
}

INLINE vf vload_bf16(const uint16_t *p) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p)), 16));
}
INLINE vf vload_f16(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }
INLINE vf vload_i8(const int8_t *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)p)));
}
/* An F16 number in every lane. */
INLINE vf vset_f16(const void *p) {
    uint16_t h;
    memcpy(&h, p, 2);
    return _mm512_cvtph_ps(_mm256_set1_epi16((short)h));
}
/* Adds the lanes' squares to eight sums in double. */
typedef __m512d vsquares;
INLINE vsquares vsquares_zero(void) { return _mm512_setzero_pd(); }
INLINE vsquares vadd_squares(vsquares sums, vf a) {
    __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(a));
    __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(a, 1));
    return _mm512_fmadd_pd(high, high, _mm512_fmadd_pd(low, low, sums));
}
INLINE double vsquares_sum(vsquares sums) { return _mm512_reduce_add_pd(sums); }
