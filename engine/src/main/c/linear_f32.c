/* Projections by F32 weights, row-major as they are trained, and the gradients of such weights and of biases. */
#include "vec.h"

#define W_NAME(x) f32_##x
#define W_AT(row, k) ((row) + 4 * (k))
#define W_LOAD(row, k, s) vload((const float *)(row) + (k) + (s) * VL)
#define W_LOAD_PART(row, k, s, n) vload_part((const float *)(row) + (k) + (s) * VL, n)
#include "linear.h"

/* dw[O, I] += dy[T, O]ᵀ · x[T, I], tokens in order. Task: row_block rows of dw by col_block columns. */
struct linear_backward_w {
    float *dw;
    const float *dy;
    const float *x;
    int64_t rows, in, out, row_block, col_block;
};

/* dy[t0.., o0..o1) as tiles of TILE_M columns, each [count, TILE_M]. */
static void pack_outputs(const struct linear_backward_w *a, int64_t t0, int64_t count, int64_t o0, int64_t o1,
                         float *to) {
    for (int64_t o = o0; o < o1; o += TILE_M) {
        const size_t bytes = (size_t)smaller(TILE_M, o1 - o) * sizeof(float);
        for (int64_t k = 0; k < count; k++, to += TILE_M) memcpy(to, a->dy + (t0 + k) * a->out + o, bytes);
    }
}

static void pack_inputs(const struct linear_backward_w *a, int64_t t0, int64_t count, int64_t i, int64_t cols,
                        float *to) {
    for (int64_t k = 0; k < count; k++, to += PANEL) {
        const float *from = a->x + (t0 + k) * a->in + i;
        if (cols == PANEL) {
            UNROLL for (int64_t c = 0; c < PANEL; c += VL) vstore(to + c, vload(from + c));
        } else {
            memcpy(to, from, (size_t)cols * sizeof(float));
        }
    }
}

EXPORT void f32_linear_backward_w(const struct linear_backward_w *a, int64_t from, int64_t to, float *scratch) {
    const int64_t row_blocks = ceil_div(a->out, a->row_block);
    float *panel = scratch;
    float *outputs = scratch + TILE_CHUNK * PANEL;
    for (int64_t task = from; task < to; task++) {
        const int64_t o0 = task % row_blocks * a->row_block, o1 = smaller(o0 + a->row_block, a->out);
        const int64_t i0 = task / row_blocks * a->col_block, i1 = smaller(i0 + a->col_block, a->in);
        for (int64_t t = 0; t < a->rows; t += TILE_CHUNK) {
            const int64_t count = smaller(TILE_CHUNK, a->rows - t);
            pack_outputs(a, t, count, o0, o1, outputs);
            for (int64_t i = i0; i < i1; i += PANEL) {
                const int64_t cols = smaller(PANEL, i1 - i);
                pack_inputs(a, t, count, i, cols, panel);
                for (int64_t o = o0; o < o1; o += TILE_M) {
                    add_tile(smaller(TILE_M, o1 - o), cols, a->dw + o * a->in + i, a->in,
                             outputs + (o - o0) * count, 1, TILE_M, panel, count);
                }
            }
        }
    }
}

/* sums[cols] += the columns' sums over x[rows, cols], rows in order. Task: 64 columns. */
struct column_sums {
    float *sums;
    const float *x;
    int64_t rows, cols;
};

EXPORT void column_sums(const struct column_sums *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * 64, a->cols);
    for (int64_t c = from * 64; c < end; c += VL) {
        const int64_t n = smaller(VL, end - c);
        vf sum = vzero();
        for (int64_t t = 0; t < a->rows; t++) sum = vadd(sum, vload_part(a->x + t * a->cols + c, n));
        vstore_part(a->sums + c, vadd(vload_part(a->sums + c, n), sum), n);
    }
}
