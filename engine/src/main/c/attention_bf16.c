/*
 * Attention in BF16 (AVX512_BF16): queries, keys, probabilities and values are rounded to it, products are added in F32. Otherwise
 * as attention.c. A score adds pairs of dimensions in order; an output adds pairs of keys, the first of which is even, whatever
 * rows are beside it: a key that a row does not see has the probability zero.
 */
#include "attention.h"

#if defined(__AVX512VNNI__)

#define TARGET __attribute__((target("avx512bf16")))
#define INLINE_TARGET static inline __attribute__((always_inline)) TARGET
#define WIDE 32
/* Keys whose scores are computed at once, and rows of a tile of scores and of outputs. */
#define KEYS 4
#define SCORE_ROWS 6
#define OUTPUT_ROWS 12

/* The first n of 32 numbers, rounded; the rest zero. */
INLINE_TARGET __m512i rounded(const float *x, int64_t n) {
    const vf low = n >= VL ? vload(x) : vload_part(x, n);
    const vf high = n >= WIDE ? vload(x + VL) : n > VL ? vload_part(x + VL, n - VL) : vzero();
    return (__m512i)_mm512_cvtne2ps_pbh(high, low);
}

INLINE_TARGET void round_row(const float *x, int64_t n, uint16_t *to) {
    for (int64_t d = 0; d < n; d += WIDE) _mm512_storeu_si512(to + d, rounded(x + d, n - d));
}

/* sums[i][j] = x[i] · keys[j], both in rows of ld numbers. */
INLINE_TARGET void scores_of(const int m, const uint16_t *x, const uint16_t *keys, int64_t ld, v4 *sums) {
    vf acc[SCORE_ROWS][KEYS];
    UNROLL for (int i = 0; i < m; i++) {
        UNROLL for (int j = 0; j < KEYS; j++) acc[i][j] = vzero();
    }
    for (int64_t d = 0; d < ld; d += WIDE) {
        __m512bh key[KEYS];
        UNROLL for (int j = 0; j < KEYS; j++) key[j] = (__m512bh)_mm512_loadu_si512(keys + j * ld + d);
        UNROLL for (int i = 0; i < m; i++) {
            const __m512bh row = (__m512bh)_mm512_loadu_si512(x + i * ld + d);
            UNROLL for (int j = 0; j < KEYS; j++) acc[i][j] = _mm512_dpbf16_ps(acc[i][j], row, key[j]);
        }
    }
    UNROLL for (int i = 0; i < m; i++) sums[i] = vsum4(acc[i][0], acc[i][1], acc[i][2], acc[i][3]);
}

/* to[r, u - u0] = x[r] · k[u]; buffer holds four rows. */
static TARGET void dots(const struct tile *tile, const uint16_t *x, const float *k, const int64_t *keys, int64_t dim,
                        uint16_t *buffer, float *to) {
    const int64_t ld = ceil_div(dim, WIDE) * WIDE;
    for (int64_t u = tile->u0; u < tile->u1; u += KEYS) {
        for (int64_t j = 0; j < KEYS; j++) round_row(k + keys[smaller(u + j, tile->u1 - 1)], dim, buffer + j * ld);
        for (int64_t r = 0; r < tile->rows; r += SCORE_ROWS) {
            const int64_t m = smaller(SCORE_ROWS, tile->rows - r);
            v4 sums[SCORE_ROWS];
#define CASE(M)                                                                                                        \
    case M: scores_of(M, x + r * ld, buffer, ld, sums); break;
            switch (m) { CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) }
#undef CASE
            for (int64_t i = 0; i < m; i++) *(v4 *)(to + (r + i) * tile->ld + u - tile->u0) = sums[i];
        }
    }
}

/* The numbers of two rows in turns. */
INLINE_TARGET __m512bh pairs(vf even, vf odd) {
    const __m512i turns = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5,
                                           20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    return (__m512bh)_mm512_permutexvar_epi16(turns, (__m512i)_mm512_cvtne2ps_pbh(odd, even));
}

/* y[at[i] + d, 0..n) = factor[i] · sum over keys of p[i, key] · v[key, d..], two vectors wide. */
INLINE_TARGET void outputs_of(const int m, const uint16_t *p, int64_t ld, const float *v, const int64_t *keys,
                              int64_t count, int64_t n, const float *factor, float *y, const int64_t *at) {
    vf acc[OUTPUT_ROWS][2];
    const int64_t n0 = smaller(n, VL), n1 = n - n0;
    UNROLL for (int i = 0; i < m; i++) acc[i][0] = acc[i][1] = vzero();
    for (int64_t u = 0; u < count; u += 2) {
        const float *even = v + keys[u], *odd = v + keys[u + 1];
        const int both = u + 1 < count;
        const __m512bh v0 = pairs(vload_part(even, n0), both ? vload_part(odd, n0) : vzero());
        const __m512bh v1 = pairs(vload_part(even + VL, n1), both ? vload_part(odd + VL, n1) : vzero());
        UNROLL for (int i = 0; i < m; i++) {
            int32_t two;
            memcpy(&two, p + i * ld + u, 4);
            const __m512bh both_p = (__m512bh)_mm512_set1_epi32(two);
            acc[i][0] = _mm512_dpbf16_ps(acc[i][0], both_p, v0);
            acc[i][1] = _mm512_dpbf16_ps(acc[i][1], both_p, v1);
        }
    }
    UNROLL for (int i = 0; i < m; i++) {
        vstore_part(y + at[i], vmul(vset(factor[i]), acc[i][0]), n0);
        vstore_part(y + at[i] + VL, vmul(vset(factor[i]), acc[i][1]), n1);
    }
}

static TARGET void combine(const struct tile *tile, const uint16_t *p, const float *v, const int64_t *keys, int64_t dim,
                           const float *factors, float *y) {
    const int64_t count = tile->u1 - tile->u0;
    for (int64_t r = 0; r < tile->rows; r += OUTPUT_ROWS) {
        for (int64_t d = 0; d < dim; d += WIDE) {
            const int64_t n = smaller(WIDE, dim - d);
#define CASE(M)                                                                                                        \
    case M:                                                                                                            \
        outputs_of(M, p + r * tile->ld, tile->ld, v + d, keys, count, n, factors + r, y + d, tile->at + r);            \
        break;
            switch (smaller(OUTPUT_ROWS, tile->rows - r)) {
                CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
            }
#undef CASE
        }
    }
}

/* Task: a tile and a kv head, heads next to each other. Scratch: offsets and one more, scores, rows and probabilities. */
EXPORT TARGET void attention_bf16(const struct attention *a, int64_t from, int64_t to, int64_t *scratch) {
    const struct batch *b = &a->batch;
    const struct shape *s = &a->shape;
    const int64_t ld = ceil_div(s->dim, WIDE) * WIDE;
    for (int64_t task = from; task < to; task++) {
        const int64_t kv = task % s->kv_heads, sequence = b->tiles[task / s->kv_heads * 2];
        struct tile tile = {0};
        tile_of(b, s, sequence, kv, b->tiles[task / s->kv_heads * 2 + 1], &tile);
        tile.u0 -= tile.u0 % 2;
        tile.ld = ceil_div(tile.u1 - tile.u0, WIDE) * WIDE + WIDE;
        float *scores = key_offsets(b, s, sequence, kv, scratch) + 2;
        scratch[b->contexts[sequence]] = scratch[0];
        uint16_t *probabilities = (uint16_t *)(scores + TILE_ROWS * tile.ld);
        uint16_t *rows = probabilities + TILE_ROWS * tile.ld, *buffer = rows + TILE_ROWS * ld;
        for (int64_t r = 0; r < tile.rows; r++) round_row(a->q + tile.at[r], s->dim, rows + r * ld);
        dots(&tile, rows, a->k, scratch, s->dim, buffer, scores);
        float factors[TILE_ROWS];
        for (int64_t r = 0; r < tile.rows; r++) {
            factors[r] = 1.0f / exponentials(&tile, r, (float)s->scale, scores);
            round_row(scores + r * tile.ld, tile.u1 - tile.u0, probabilities + r * tile.ld);
        }
        combine(&tile, probabilities, a->v, scratch + tile.u0, s->dim, factors, a->y);
    }
}

#endif
