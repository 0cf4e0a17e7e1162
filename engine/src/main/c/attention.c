/*
 * Grouped-query attention over ragged sequences whose keys and values lie in blocks (see Ops.attention). A sequence's rows
 * are its tokens times the query heads of one kv head: they share keys. Scores of a tile of rows are kept whole, so that a
 * row's softmax and its sum over values run in the order of its own keys, whatever rows are beside it.
 */
#include "attention.h"

/* Keys are rows of the caller's memory: nothing stands behind their last element. */
#define DOT_TILE key_tile
#define DOT_LOAD(row, k, s) vload((const float *)(row) + (k) + (s) * VL)
#define DOT_LOAD_PART(row, k, s, n) vload_part((const float *)(row) + (k) + (s) * VL, n)
#define DOT_PREFETCH(row, k)
#include "dot_tile.h"

struct attention_backward {
    float *dq, *dk, *dv;
    const float *dy, *q, *k, *v;
    struct batch batch;
    struct shape shape;
};

static void copy_rows(const struct tile *tile, const float *from, int64_t dim, float *to) {
    for (int64_t r = 0; r < tile->rows; r++) memcpy(to + r * dim, from + tile->at[r], (size_t)dim * sizeof(float));
}

/* to[r, u - u0] = x[r] · k[u]. */
static void dots(const struct tile *tile, const float *x, const float *k, const int64_t *keys, int64_t dim, float *to) {
    for (int64_t u = tile->u0; u < tile->u1; u += 4) {
        const char *w[4];
        for (int64_t j = 0; j < 4; j++) w[j] = (const char *)(k + keys[smaller(u + j, tile->u1 - 1)]);
        for (int64_t r = 0; r < tile->rows; r += DOT_M) {
            const int64_t m = smaller(DOT_M, tile->rows - r);
            v4 sums[DOT_M];
#define CASE(M)                                                                                                        \
    case M: key_tile(M, x + r * dim, dim, w, 0, dim, sums); break;
            switch (m) {
                DOT_CASES
            }
#undef CASE
            for (int64_t i = 0; i < m; i++) *(v4 *)(to + (r + i) * tile->ld + u - tile->u0) = sums[i];
        }
    }
}

/* c[c_at[i], 0..nv·VL) = factor[i] · sum over k of a[i · am + k · ak] · b[b_at[k], ..); added to c where factor is null. */
INLINE void combine_tile(const int m, const int nv, int64_t last, float *c, const int64_t *c_at, const float *factor,
                         const float *a, int64_t am, int64_t ak, const float *b, const int64_t *b_at, int64_t count) {
    vf acc[DOT_M][4];
    UNROLL for (int i = 0; i < m; i++) {
        UNROLL for (int j = 0; j < nv; j++) acc[i][j] = vzero();
    }
    for (int64_t k = 0; k < count; k++) {
        vf row[4];
        UNROLL for (int j = 0; j < nv; j++) {
            row[j] = last < VL ? vload_part(b + b_at[k], last) : vload(b + b_at[k] + j * VL);
        }
        UNROLL for (int i = 0; i < m; i++) {
            const vf f = vset(a[i * am + k * ak]);
            UNROLL for (int j = 0; j < nv; j++) acc[i][j] = vfma(f, row[j], acc[i][j]);
        }
    }
    UNROLL for (int i = 0; i < m; i++) {
        UNROLL for (int j = 0; j < nv; j++) {
            float *to = c + c_at[i] + j * VL;
            const int64_t n = last < VL ? last : VL;
            const vf sum = factor ? vmul(vset(factor[i]), acc[i][j]) : vadd(vload_part(to, n), acc[i][j]);
            vstore_part(to, sum, n);
        }
    }
}

static void combine(int64_t rows, int64_t dim, float *c, const int64_t *c_at, const float *factor, const float *a,
                    int64_t am, int64_t ak, const float *b, const int64_t *b_at, int64_t count) {
    for (int64_t i = 0; i < rows; i += DOT_M) {
        const int64_t m = smaller(DOT_M, rows - i);
        const float *f = factor ? factor + i : factor;
        for (int64_t d = 0, step; d < dim; d += step) {
            const int64_t left = dim - d;
            step = left >= 4 * VL ? 4 * VL : left >= 2 * VL ? 2 * VL : VL;
#define COMBINE(M, NV, LAST) combine_tile(M, NV, LAST, c + d, c_at + i, f, a + i * am, am, ak, b + d, b_at, count)
#define CASE(M)                                                                                                        \
    case M:                                                                                                            \
        if (step == 4 * VL) COMBINE(M, 4, VL);                                                                         \
        else if (step == 2 * VL) COMBINE(M, 2, VL);                                                                    \
        else if (left >= VL) COMBINE(M, 1, VL);                                                                        \
        else COMBINE(M, 1, left);                                                                                      \
        break;
            switch (m) {
                DOT_CASES
            }
#undef CASE
#undef COMBINE
        }
    }
}

/* Task: a tile and a kv head, heads next to each other. Scratch: offsets, rows, scores. */
EXPORT void attention(const struct attention *a, int64_t from, int64_t to, int64_t *scratch) {
    const struct batch *b = &a->batch;
    const struct shape *s = &a->shape;
    for (int64_t task = from; task < to; task++) {
        const int64_t kv = task % s->kv_heads, sequence = b->tiles[task / s->kv_heads * 2];
        struct tile tile = {0};
        tile_of(b, s, sequence, kv, b->tiles[task / s->kv_heads * 2 + 1], &tile);
        float *rows = key_offsets(b, s, sequence, kv, scratch);
        float *scores = rows + TILE_ROWS * s->dim;
        copy_rows(&tile, a->q, s->dim, rows);
        dots(&tile, rows, a->k, scratch, s->dim, scores);
        float factors[TILE_ROWS];
        for (int64_t r = 0; r < tile.rows; r++) {
            factors[r] = 1.0f / exponentials(&tile, r, (float)s->scale, scores);
        }
        combine(tile.rows, s->dim, a->y, tile.at, factors, scores, tile.ld, 1, a->v, scratch + tile.u0,
                tile.u1 - tile.u0);
    }
}

/* Scores to probabilities, and dp to p · (dp - sum of p · dp) · scale. */
static void score_gradients(const struct tile *tile, int64_t r, float scale, float *scores, float *dp) {
    const vf inverse = vset(1.0f / exponentials(tile, r, scale, scores));
    float *p = scores + r * tile->ld, *g = dp + r * tile->ld;
    const int64_t n = tile->u1 - tile->u0;
    vf sum = vzero();
    for (int64_t u = 0; u < n; u += VL) {
        const int64_t part = smaller(VL, n - u);
        const vf normed = vmul(inverse, vload_part(p + u, part));
        vstore_part(p + u, normed, part);
        sum = vfma(normed, vload_part(g + u, part), sum);
    }
    const vf dot = vset(vsum(sum));
    for (int64_t u = 0; u < n; u += VL) {
        const int64_t part = smaller(VL, n - u);
        const vf slope = vsub(vload_part(g + u, part), dot);
        vstore_part(g + u, vmul(vmul(vload_part(p + u, part), slope), vset(scale)), part);
    }
}

static void backward(const struct attention_backward *a, int64_t sequence, int64_t kv, int64_t *keys) {
    const struct shape *s = &a->shape;
    const int64_t tokens = a->batch.starts[sequence + 1] - a->batch.starts[sequence];
    float *rows = key_offsets(&a->batch, s, sequence, kv, keys);
    float *outputs = rows + TILE_ROWS * s->dim;
    float *scores = outputs + TILE_ROWS * s->dim;
    int64_t packed[TILE_ROWS];
    for (int64_t r = 0; r < TILE_ROWS; r++) packed[r] = r * s->dim;
    for (int64_t row0 = 0; row0 < tokens * (s->heads / s->kv_heads); row0 += TILE_ROWS) {
        struct tile tile = {0};
        tile_of(&a->batch, s, sequence, kv, row0, &tile);
        float *dp = scores + TILE_ROWS * tile.ld;
        const int64_t n = tile.u1 - tile.u0;
        copy_rows(&tile, a->q, s->dim, rows);
        copy_rows(&tile, a->dy, s->dim, outputs);
        dots(&tile, rows, a->k, keys, s->dim, scores);
        dots(&tile, outputs, a->v, keys, s->dim, dp);
        for (int64_t r = 0; r < tile.rows; r++) score_gradients(&tile, r, (float)s->scale, scores, dp);
        const int64_t *at = keys + tile.u0;
        if (a->dq) combine(tile.rows, s->dim, a->dq, tile.at, 0, dp, tile.ld, 1, a->k, at, n);
        if (a->dk) combine(n, s->dim, a->dk, at, 0, dp, 1, tile.ld, rows, packed, tile.rows);
        if (a->dv) combine(n, s->dim, a->dv, at, 0, scores, 1, tile.ld, outputs, packed, tile.rows);
    }
}

/* Task: a sequence and a kv head, which owns its gradients of keys and values; or a kv head where sequences share blocks. */
EXPORT void attention_backward(const struct attention_backward *a, int64_t from, int64_t to, int64_t *scratch) {
    for (int64_t task = from; task < to; task++) {
        backward(a, task / a->shape.kv_heads, task % a->shape.kv_heads, scratch);
    }
}

EXPORT void attention_backward_shared(const struct attention_backward *a, int64_t from, int64_t to, int64_t *scratch) {
    for (int64_t kv = from; kv < to; kv++) {
        for (int64_t sequence = 0; sequence < a->batch.sequences; sequence++) backward(a, sequence, kv, scratch);
    }
}
