/*
 * Projections by BF16 weights of activations rounded to BF16: pairs of products added to F32 lanes along the rows
 * (AVX512_BF16). An output's order of summation is fixed by the row's length.
 */
#include "tile.h"

#if defined(__AVX512VNNI__)

#define TARGET __attribute__((target("avx512bf16")))

struct round_rows {
    uint16_t *values;
    const float *x;
    int64_t count;
};

/* Task: 4096 elements. */
EXPORT TARGET void round_to_bf16(const struct round_rows *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * 4096, a->count);
    for (int64_t i = from * 4096; i < end; i += VL) {
        const int64_t n = smaller(VL, end - i);
        const __m256i rounded = (__m256i)_mm512_cvtneps_pbh(vload_part(a->x + i, n));
        _mm256_mask_storeu_epi16(a->values + i, lanes(n), rounded);
    }
}

struct linear_bf16_dot {
    float *y;
    const uint16_t *x;
    const char *w;
    const float *b;
    int64_t rows, in, out, row_bytes;
};

static inline __attribute__((always_inline)) TARGET void tile(const int m, const int fetch, const uint16_t *x, int64_t ldx,
                                                              const char *const w[4], int64_t ahead, int64_t count,
                                                              v4 *sums) {
    vf acc[DOT_M][4];
    UNROLL for (int i = 0; i < m; i++) {
        UNROLL for (int j = 0; j < 4; j++) acc[i][j] = vzero();
    }
    for (int64_t k = 0; k < count; k += 32) {
        const int64_t n = smaller(32, count - k);
        const __mmask32 mask = (__mmask32)(0xffffffffu >> (32 - n));
        __m512bh b[4];
        UNROLL for (int j = 0; j < 4; j++) {
            b[j] = (__m512bh)_mm512_maskz_loadu_epi16(mask, w[j] + 2 * k);
            if (fetch) __builtin_prefetch(w[j] + ahead + 2 * k);
        }
        UNROLL for (int i = 0; i < m; i++) {
            const __m512bh a = (__m512bh)_mm512_maskz_loadu_epi16(mask, x + i * ldx + k);
            UNROLL for (int j = 0; j < 4; j++) acc[i][j] = _mm512_dpbf16_ps(acc[i][j], a, b[j]);
        }
    }
    UNROLL for (int i = 0; i < m; i++) sums[i] = vsum4(acc[i][0], acc[i][1], acc[i][2], acc[i][3]);
}

/* Task: 256 rows of x by 16 rows of w. */
EXPORT TARGET void bf16_linear_dot(const struct linear_bf16_dot *a, int64_t from, int64_t to) {
    const int64_t row_blocks = ceil_div(a->rows, LINEAR_ROWS);
    for (int64_t task = from; task < to; task++) {
        const int64_t o0 = task / row_blocks * 16, o1 = smaller(o0 + 16, a->out);
        const int64_t t0 = task % row_blocks * LINEAR_ROWS, t1 = smaller(t0 + LINEAR_ROWS, a->rows);
        for (int64_t t = t0; t < t1; t += DOT_M) {
            const int64_t m = smaller(DOT_M, t1 - t);
            for (int64_t o = o0; o < o1; o += 4) {
                const char *w[4];
                for (int64_t j = 0; j < 4; j++) w[j] = a->w + smaller(o + j, o1 - 1) * a->row_bytes;
                v4 sums[DOT_M];
#define CASE(M)                                                                                                        \
    case M:                                                                                                            \
        if (t == t0) tile(M, 1, a->x + t * a->in, a->in, w, 4 * a->row_bytes, a->in, sums);                            \
        else tile(M, 0, a->x + t * a->in, a->in, w, 0, a->in, sums);                                                   \
        break;
                switch (m) {
                    DOT_CASES
                }
#undef CASE
                for (int64_t i = 0; i < m; i++) {
                    for (int64_t j = 0; j < smaller(4, o1 - o); j++) {
                        a->y[(t + i) * a->out + o + j] = sums[i][j] + (a->b ? a->b[o + j] : 0.0f);
                    }
                }
            }
        }
    }
}

#endif
