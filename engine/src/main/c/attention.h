/* What both precisions of attention share: which rows see which keys, and the exponentials of their scores. */
#ifndef ORRERY_ATTENTION_H
#define ORRERY_ATTENTION_H

#include "elementary.h"
#include "tile.h"

#define TILE_ROWS 24

/* slots: rows of the sequences' keys one after the other; slot_starts [S + 1] says where. tiles: (sequence, first row) pairs. */
struct batch {
    const int32_t *starts, *contexts, *slot_starts, *slots, *tiles;
    int64_t sequences, tile_count;
};

struct shape {
    int64_t heads, kv_heads, dim, causal, window;
    double scale;
};

struct attention {
    float *y;
    const float *q, *k, *v;
    struct batch batch;
    struct shape shape;
};

/* A tile of rows of one sequence and kv head; keys u0 to u1 are those that any of them sees. */
struct tile {
    int64_t rows, u0, u1, ld;
    int64_t at[TILE_ROWS], low[TILE_ROWS], high[TILE_ROWS];
};

/* Offsets in k and v of each key of a sequence, and where the rest of the scratch memory begins. */
INLINE float *key_offsets(const struct batch *b, const struct shape *s, int64_t sequence, int64_t kv, int64_t *to) {
    const int64_t context = b->contexts[sequence];
    const int32_t *slots = b->slots + b->slot_starts[sequence];
    const int64_t width = s->kv_heads * s->dim, first = kv * s->dim;
    for (int64_t u = 0; u < context; u++) to[u] = slots[u] * width + first;
    return (float *)(to + context);
}

static inline void tile_of(const struct batch *b, const struct shape *s, int64_t sequence, int64_t kv, int64_t row0,
                    struct tile *tile) {
    const int64_t group = s->heads / s->kv_heads;
    const int64_t first = b->starts[sequence], tokens = b->starts[sequence + 1] - first;
    const int64_t context = b->contexts[sequence];
    tile->rows = smaller(TILE_ROWS, tokens * group - row0);
    for (int64_t r = 0; r < tile->rows; r++) {
        const int64_t t = (row0 + r) / group, head = kv * group + (row0 + r) % group;
        const int64_t index = context - tokens + t;
        tile->at[r] = ((first + t) * s->heads + head) * s->dim;
        tile->low[r] = s->window > 0 ? larger(0, index - s->window + 1) : 0;
        tile->high[r] = s->causal ? index + 1 : context;
    }
    tile->u0 = tile->low[0];
    tile->u1 = tile->high[tile->rows - 1];
    tile->ld = ceil_div(tile->u1 - tile->u0, 16) * 16 + 16;
}

/* Scores to e^(scale · score - max), 0 where the row does not see the key. Returns their sum. */
INLINE float exponentials(const struct tile *tile, int64_t r, float scale, float *scores) {
    float *row = scores + r * tile->ld;
    const int64_t low = tile->low[r] - tile->u0, high = tile->high[r] - tile->u0;
    vf most = vset(-INFINITY);
    for (int64_t u = low; u < high; u += VL) {
        const int64_t n = smaller(VL, high - u);
        const vf s = vmul(vset(scale), vload(row + u));
        vstore_part(row + u, s, n);
        if (n == VL) {
            most = vmax(s, most);
        } else {
            for (int64_t i = u; i < high; i++) most = vmax(vset(row[i]), most);
        }
    }
    const vf max = vset(vgreatest(most));
    vf sum = vzero();
    for (int64_t u = low; u < high; u += VL) {
        const int64_t n = smaller(VL, high - u);
        const vf e = vexp(vsub(n == VL ? vload(row + u) : vload_part(row + u, n), max));
        vstore_part(row + u, e, n);
        sum = vadd(sum, n == VL ? e : vload_part(row + u, n));
    }
    for (int64_t u = 0; u < low; u++) row[u] = 0;
    for (int64_t u = high; u < tile->u1 - tile->u0; u++) row[u] = 0;
    return vsum(sum);
}

#endif
