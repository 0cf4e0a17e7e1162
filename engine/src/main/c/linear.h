/*
 * A projection for one dtype of weights, and its backward to the inputs. Include with
 *   W_NAME(x)             the exported name of x for this dtype
 *   W_AT(row, k)          address of element k of a row, k a whole number of blocks
 *   W_LOAD(row, k, s)     VL weights as F32 from element k + s · VL of a row on, k a whole number of blocks of 32
 *   W_LOAD_PART(row, k, s, n)   n of them, the rest zero
 * or, where decoding a vector by itself does not pay, with W_NAME and
 *   W_DECODE(a, row, k, n, to)  n weights as F32 from element k of a row on, both whole numbers of 32
 *
 * Forward: dot products along the rows of w in chunks of DOT_CHUNK, whose sums are added one after the other: an output's
 * order of summation is fixed by the row's length. Few rows of x read w as it is stored; many read a panel of DOT_BLOCK rows
 * that is decoded once. Task: 256 rows of x by DOT_BLOCK rows of w.
 *
 * Backward: dx[t, :] += sum over o of dy[t, o] · w[o, :], o in order, in tiles of TILE_M rows by PANEL columns. Task:
 * row_block rows by col_block columns.
 */

#include "add_tile.h"
#include "block.h"

/* Panel rows are padded with zeros to whole vectors. */
#define DOT_TILE panel_tile
#define DOT_LOAD(row, k, s) vload((const float *)(row) + (k) + (s) * VL)
#define DOT_LOAD_PART(row, k, s, n) DOT_LOAD(row, k, s)
#define DOT_PREFETCH(row, k)
#include "dot_tile.h"
#undef DOT_TILE
#undef DOT_LOAD
#undef DOT_LOAD_PART
#undef DOT_PREFETCH

#ifndef W_DECODE
#define DOT_TILE W_NAME(direct_tile)
#define DOT_LOAD W_LOAD
#define DOT_LOAD_PART W_LOAD_PART
#define DOT_PREFETCH(row, k) __builtin_prefetch(W_AT(row, k))
#include "dot_tile.h"
#undef DOT_TILE
#undef DOT_LOAD
#undef DOT_LOAD_PART
#undef DOT_PREFETCH
#endif

/* y[T, O] = x[T, I] · w[O, I]ᵀ + b[O]; row_bytes is a weight row's, decoder of a block format's. */
struct linear {
    float *y;
    const float *x;
    const char *w;
    const float *b;
    int64_t rows, in, out, row_bytes;
    block_decoder *decoder;
};

INLINE void W_NAME(tile)(int64_t m, const float *x, int64_t ldx, const char *const w[4], int64_t ahead, int64_t count,
                         int direct, v4 *sums) {
#ifdef W_DECODE
    (void)direct;
#define CASE(M)                                                                                                        \
    case M: panel_tile(M, x, ldx, w, ahead, count, sums); break;
#else
#define CASE(M)                                                                                                        \
    case M:                                                                                                            \
        if (direct) W_NAME(direct_tile)(M, x, ldx, w, ahead, count, sums);                                                    \
        else panel_tile(M, x, ldx, w, ahead, count, sums);                                                                    \
        break;
#endif
    switch (m) {
        DOT_CASES
    }
#undef CASE
}

/* Rows t0 to t1 of x against rows o0 to o1 of w. */
static void W_NAME(block)(const struct linear *a, int64_t t0, int64_t t1, int64_t o0, int64_t o1, float *panel) {
    const int64_t ld = DOT_CHUNK + 16;
#ifdef W_DECODE
    const int direct = 0;
#else
    const int direct = t1 - t0 <= 4 * DOT_M;
#endif
    /* Tiles of even height: 8 rows are 4 and 4, not 6 and 2. */
    const int64_t height = ceil_div(t1 - t0, ceil_div(t1 - t0, DOT_M));
    for (int64_t k0 = 0; k0 < a->in; k0 += DOT_CHUNK) {
        const int64_t count = smaller(DOT_CHUNK, a->in - k0);
        if (!direct) {
            for (int64_t o = o0; o < o1; o++) {
#ifdef W_DECODE
                W_DECODE(a, a->w + o * a->row_bytes, k0, count, panel + (o - o0) * ld);
#else
                const char *row = W_AT(a->w + o * a->row_bytes, k0);
                const char *next = row + DOT_BLOCK * a->row_bytes;
                float *to = panel + (o - o0) * ld;
                int64_t k = 0;
                for (; k + 32 <= count; k += 32) {
                    UNROLL for (int s = 0; s < 32 / VL; s++) vstore(to + k + s * VL, W_LOAD(row, k, s));
                    __builtin_prefetch(W_AT(next, k));
                }
                for (int s = 0; k + s * VL < count; s++) {
                    vstore(to + k + s * VL, W_LOAD_PART(row, k, s, smaller(VL, count - k - s * VL)));
                }
#endif
            }
        }
        for (int64_t t = t0; t < t1; t += height) {
            const int64_t m = smaller(height, t1 - t);
            for (int64_t o = o0; o < o1; o += 4) {
                const int64_t n = smaller(4, o1 - o);
                const char *w[4];
                for (int64_t j = 0; j < 4; j++) {
                    const int64_t row = o + smaller(j, n - 1);
#ifdef W_DECODE
                    w[j] = (const char *)(panel + (row - o0) * ld);
#else
                    w[j] = direct ? W_AT(a->w + row * a->row_bytes, k0) : (const char *)(panel + (row - o0) * ld);
#endif
                }
                v4 sums[DOT_M];
                W_NAME(tile)(m, a->x + t * a->in + k0, a->in, w, 4 * a->row_bytes, count, direct, sums);
                const float *b = k0 == 0 && a->b ? a->b + o : 0;
                for (int64_t i = 0; i < m; i++) {
                    float *y = a->y + (t + i) * a->out + o;
                    if (n == 4) {
                        const v4 before = k0 > 0 ? *(const v4 *)y : b ? *(const v4 *)b : (v4){0};
                        *(v4 *)y = before + sums[i];
                    } else {
                        for (int64_t j = 0; j < n; j++) y[j] = (k0 > 0 ? y[j] : b ? b[j] : 0.0f) + sums[i][j];
                    }
                }
            }
        }
    }
}

EXPORT void W_NAME(linear)(const struct linear *a, int64_t from, int64_t to, float *scratch) {
    const int64_t row_blocks = ceil_div(a->rows, LINEAR_ROWS);
    for (int64_t task = from; task < to; task++) {
        const int64_t o = task / row_blocks * DOT_BLOCK;
        const int64_t t = task % row_blocks * LINEAR_ROWS;
        W_NAME(block)(a, t, smaller(t + LINEAR_ROWS, a->rows), o, smaller(o + DOT_BLOCK, a->out), scratch);
    }
}

/* dx[T, I] += dy[T, O] · w[O, I]. */
struct linear_backward_x {
    float *dx;
    const float *dy;
    const char *w;
    int64_t rows, in, out, row_bytes, row_block, col_block;
    block_decoder *decoder;
};

static void W_NAME(panel)(const struct linear_backward_x *a, int64_t o, int64_t count, int64_t i, int64_t cols,
                          float *panel) {
    for (int64_t k = 0; k < count; k++) {
#ifdef W_DECODE
        W_DECODE(a, a->w + (o + k) * a->row_bytes, i, cols, panel + k * PANEL);
#else
        const char *row = W_AT(a->w + (o + k) * a->row_bytes, i);
        float *to = panel + k * PANEL;
        if (cols == PANEL) {
            UNROLL for (int s = 0; s < PANEL / VL; s++) vstore(to + s * VL, W_LOAD(row, 0, s));
        } else {
            for (int s = 0; s < PANEL / VL; s++) {
                const int64_t n = smaller(VL, cols - s * VL);
                vstore(to + s * VL, n > 0 ? W_LOAD_PART(row, 0, s, n) : vzero());
            }
        }
#endif
    }
}

EXPORT void W_NAME(linear_backward_x)(const struct linear_backward_x *a, int64_t from, int64_t to, float *scratch) {
    const int64_t row_blocks = ceil_div(a->rows, a->row_block);
    float *panel = scratch;
    float *rows = scratch + TILE_CHUNK * PANEL;
    const int64_t ld = TILE_CHUNK + 16;
    for (int64_t task = from; task < to; task++) {
        const int64_t t0 = task % row_blocks * a->row_block, t1 = smaller(t0 + a->row_block, a->rows);
        const int64_t i0 = task / row_blocks * a->col_block, i1 = smaller(i0 + a->col_block, a->in);
        for (int64_t o = 0; o < a->out; o += TILE_CHUNK) {
            const int64_t count = smaller(TILE_CHUNK, a->out - o);
            for (int64_t t = t0; t < t1; t++) {
                memcpy(rows + (t - t0) * ld, a->dy + t * a->out + o, (size_t)count * sizeof(float));
            }
            for (int64_t i = i0; i < i1; i += PANEL) {
                const int64_t cols = smaller(PANEL, i1 - i);
                W_NAME(panel)(a, o, count, i, cols, panel);
                for (int64_t t = t0; t < t1; t += TILE_M) {
                    add_tile(smaller(TILE_M, t1 - t), cols, a->dx + t * a->in + i, a->in, rows + (t - t0) * ld, ld, 1,
                             panel, count);
                }
            }
        }
    }
}
