/*
 * Projections by BF16 weights of inputs rounded to BF16 (AVX512_BF16). Weights lie as interleaved.h says, two numbers of each of
 * 16 rows in a register, inputs in tiles of TOKENS rows, two numbers of each beside each other. An output adds its pairs in order.
 */
#include "interleaved.h"

#if defined(__AVX512VNNI__)

#define TARGET __attribute__((target("avx512bf16")))
#define INLINE_TARGET static inline __attribute__((always_inline)) TARGET
/* Groups of rows that are multiplied at once: of few rows of x more, so that sums do not wait for themselves. */
#define WIDE 4
#define WIDE_TOKENS 3
#define TASK_GROUPS 4

struct round_inputs {
    uint32_t *values;
    const float *x;
    int64_t rows, in;
};

/* Task: a tile of rows. */
EXPORT TARGET void round_inputs(const struct round_inputs *a, int64_t from, int64_t to) {
    const int64_t pairs = ceil_div(a->in, 2);
    for (int64_t first = from * TOKENS; first < smaller(to * TOKENS, a->rows); first += TOKENS) {
        const int64_t m = smaller(TOKENS, a->rows - first);
        uint32_t *tile = a->values + first * pairs;
        for (int64_t i = 0; i < m; i++) {
            const float *x = a->x + (first + i) * a->in;
            for (int64_t k = 0; k < a->in; k += VL) {
                uint32_t two[VL / 2];
                const __m256i rounded = (__m256i)_mm512_cvtneps_pbh(vload_part(x + k, smaller(VL, a->in - k)));
                _mm256_storeu_si256((__m256i *)two, rounded);
                const int64_t count = smaller(VL / 2, pairs - k / 2);
                for (int64_t j = 0; j < count; j++) tile[(k / 2 + j) * m + i] = two[j];
            }
        }
    }
}

struct bf16_linear {
    float *y;
    const uint32_t *x;
    int64_t rows, in;
    const uint8_t *w;
    const float *b;
    int64_t out, group_bytes, token_block;
};

/* y[0..m, o..] for so many groups of 16 rows of w. */
INLINE_TARGET void tile(const int m, const int groups, const struct bf16_linear *a, int64_t t, int64_t o) {
    const int64_t pairs = ceil_div(a->in, 2);
    const uint32_t *x = a->x + t * pairs;
    const uint8_t *w = a->w + o / GROUP_ROWS * a->group_bytes;
    vf acc[TOKENS][WIDE];
    UNROLL for (int g = 0; g < groups; g++) {
        const int64_t at = o + g * GROUP_ROWS;
        const vf bias = a->b ? vload_part(a->b + at, smaller(VL, a->out - at)) : vzero();
        UNROLL for (int i = 0; i < m; i++) acc[i][g] = bias;
    }
    for (int64_t k = 0; k < pairs; k++) {
        __m512bh weights[WIDE];
        UNROLL for (int g = 0; g < groups; g++) {
            weights[g] = (__m512bh)_mm512_load_si512(w + g * a->group_bytes + k * 64);
        }
        UNROLL for (int i = 0; i < m; i++) {
            const __m512bh two = (__m512bh)_mm512_set1_epi32((int)x[k * m + i]);
            UNROLL for (int g = 0; g < groups; g++) acc[i][g] = _mm512_dpbf16_ps(acc[i][g], weights[g], two);
        }
    }
    UNROLL for (int g = 0; g < groups; g++) {
        const int64_t at = o + g * GROUP_ROWS, n = smaller(VL, a->out - at);
        UNROLL for (int i = 0; i < m; i++) vstore_part(a->y + (t + i) * a->out + at, acc[i][g], n);
    }
}

#define TILES(NAME, GROUPS, CASES)                                                                                     \
    static TARGET void NAME(const struct bf16_linear *a, int64_t m, int64_t t, int64_t o) {                            \
        switch (m) { CASES(GROUPS) }                                                                                   \
    }
#define CASE(M, GROUPS)                                                                                                \
    case M: tile(M, GROUPS, a, t, o); break;
#define FEW(GROUPS) CASE(1, GROUPS) CASE(2, GROUPS) CASE(3, GROUPS)
#define ALL(GROUPS)                                                                                                    \
    FEW(GROUPS)                                                                                                        \
    CASE(4, GROUPS) CASE(5, GROUPS) CASE(6, GROUPS) CASE(7, GROUPS) CASE(8, GROUPS) CASE(9, GROUPS) CASE(10, GROUPS)   \
    CASE(11, GROUPS) CASE(12, GROUPS)

TILES(one_group, 1, ALL)
TILES(two_groups, 2, ALL)
TILES(four_groups, WIDE, FEW)

/* Task: a block of rows of x by 64 rows of w, the latter next to each other. */
EXPORT TARGET void bf16_interleaved_linear(const struct bf16_linear *a, int64_t from, int64_t to) {
    const int64_t groups = ceil_div(a->out, GROUP_ROWS), spans = ceil_div(groups, TASK_GROUPS);
    for (int64_t task = from; task < to; task++) {
        const int64_t g0 = task % spans * TASK_GROUPS, g1 = smaller(g0 + TASK_GROUPS, groups);
        const int64_t t0 = task / spans * a->token_block, t1 = smaller(t0 + a->token_block, a->rows);
        for (int64_t g = g0, step; g < g1; g += step) {
            step = g1 - g >= WIDE && t1 - t0 <= WIDE_TOKENS ? WIDE : g1 - g >= 2 ? 2 : 1;
            for (int64_t t = t0; t < t1; t += TOKENS) {
                (step == WIDE ? four_groups : step == 2 ? two_groups : one_group)(a, smaller(TOKENS, t1 - t), t,
                                                                                  g * GROUP_ROWS);
            }
        }
    }
}

struct bf16_pack {
    uint8_t *to;
    const uint8_t *from;
    int64_t rows, in, row_bytes, group_bytes;
};

/* Task: a group of 16 rows; those that are missing are zero. */
EXPORT void bf16_interleave(const struct bf16_pack *a, int64_t from, int64_t to) {
    for (int64_t g = from; g < to; g++) {
        uint8_t *group = a->to + g * a->group_bytes;
        const int64_t rows = smaller(GROUP_ROWS, a->rows - g * GROUP_ROWS);
        if (rows < GROUP_ROWS || a->in % 2) memset(group, 0, (size_t)a->group_bytes);
        for (int64_t row = 0; row < rows; row++) {
            const uint8_t *x = a->from + (g * GROUP_ROWS + row) * a->row_bytes;
            for (int64_t k = 0; k < a->in; k += 2) {
                memcpy(group + k / 2 * 64 + row * 4, x + 2 * k, k + 1 < a->in ? 4 : 2);
            }
        }
    }
}

struct bf16_rows {
    float *to;
    const uint8_t *w;
    const int32_t *rows;
    int64_t in, group_bytes;
};

/* Task: one of the rows asked for, as F32. */
EXPORT void bf16_interleaved_rows(const struct bf16_rows *a, int64_t from, int64_t to) {
    for (int64_t task = from; task < to; task++) {
        const uint8_t *row = a->w + a->rows[task] / GROUP_ROWS * a->group_bytes + a->rows[task] % GROUP_ROWS * 4;
        for (int64_t k = 0; k < a->in; k++) {
            uint16_t half;
            memcpy(&half, row + k / 2 * 64 + k % 2 * 2, 2);
            const uint32_t bits = (uint32_t)half << 16;
            memcpy(a->to + task * a->in + k, &bits, 4);
        }
    }
}

EXPORT void bf16_interleaved_shape(int64_t *to, int64_t in, int64_t unused, void *scratch) {
    (void)unused;
    (void)scratch;
    to[0] = ceil_div(in, 2) * 64;
    to[1] = to[2] = to[3] = 0;
}

#endif
