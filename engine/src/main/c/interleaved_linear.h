/*
 * Packing, projections and reading of one block format of interleaved weights (see interleaved.h). Include with
 *   W(x)           a name of this format
 *   BLOCK          columns of a block of the file, a whole number of parts, and BLOCK_BYTES
 *   UNIT, OFFSET   columns that share a scale; what numbers are less
 *   MINIMA         whether something is taken off each unit, the same of every column; OFFSET is then 0
 *   PART_BYTES     of a part of 16 rows
 *   SCALE_BYTES    of a block's scales of 16 rows; a multiple of a cache line for 128 columns
 * and, in AVX-512,
 *   numbers(part, to[8])             a part's numbers, unsigned bytes
 *   scales(at, to[], minima[])       a block's, BLOCK / UNIT of each
 *   pack_block(block, row, parts, scales)  a block of the file to where a row's bytes belong
 * and, where numbers stand for other values, VALUE(number).
 */
#ifndef VALUE
#define VALUE(number) ((float)((int)(number) - OFFSET))
#endif

#define UNITS (BLOCK / UNIT)
#define BLOCK_PARTS (BLOCK / PART)
#define DIRECT 4

/* Columns whose numbers lie before their scales, so that weights are read from front to end. */
#define CHUNK (BLOCK > SCALED ? BLOCK : SCALED)
#define CHUNK_BYTES (CHUNK / PART * PART_BYTES + CHUNK / BLOCK * SCALE_BYTES)

struct W(linear) {
    float *y;
    struct inputs x;
    const uint8_t *w;
    const float *b;
    int64_t out, group_bytes, token_block;
};

/* A chunk of a group: its numbers, its scales, and its columns, fewer in the last. */
struct W(chunk) {
    uint8_t *part, *scales;
    int64_t columns;
};

INLINE struct W(chunk) W(chunk_at)(const uint8_t *group, int64_t k, int64_t in) {
    uint8_t *part = (uint8_t *)group + k / CHUNK * CHUNK_BYTES;
    const int64_t columns = smaller(CHUNK, in - k);
    return (struct W(chunk)){part, part + columns / PART * PART_BYTES, columns};
}

/* The whole group at once: numbers and scales are decoded where they are multiplied. For as few rows as cannot be worth more. */
INLINE void W(direct)(const int m, const struct W(linear) *a, const uint8_t *group, float *y, const float *b, int64_t n) {
    struct input_tile x = tile_at(&a->x, 0, a->x.in / UNIT);
    const vf bias = b ? vload_part(b, n) : vzero();
    vf acc[DIRECT];
    UNROLL for (int i = 0; i < m; i++) acc[i] = bias;
    for (int64_t k = 0; k < a->x.in; k += CHUNK) {
        struct W(chunk) at = W(chunk_at)(group, k, a->x.in);
        vf sums[DIRECT];
        UNROLL for (int i = 0; i < m; i++) sums[i] = vzero();
        for (int64_t column = 0; column < at.columns; column += BLOCK, at.scales += SCALE_BYTES) {
            vf scale[UNITS], minimum[UNITS];
            scales(at.scales, scale, minimum);
            UNROLL for (int p = 0; p < BLOCK_PARTS; p++) {
                __m512i number[PART / 4];
                numbers(at.part, number);
#define NUMBER(j) number[j]
#define SCALE(h) scale[p * (PART / UNIT) + (h)]
#define MINIMUM(h) minimum[p * (PART / UNIT) + (h)]
                ADD_PART(m, UNIT, MINIMA, NUMBER, SCALE, MINIMUM, x.values, x.corrections, sums)
#undef NUMBER
#undef SCALE
#undef MINIMUM
                at.part += PART_BYTES;
                x.values += PART / 4 * m;
                x.corrections += PART / UNIT * m;
                if (BLOCK > SCALED && p == BLOCK_PARTS / 2 - 1) {
                    UNROLL for (int i = 0; i < m; i++) {
                        acc[i] = vfma(sums[i], vset(x.scales[i]), acc[i]);
                        sums[i] = vzero();
                    }
                    x.scales += m;
                }
            }
        }
        UNROLL for (int i = 0; i < m; i++) acc[i] = vfma(sums[i], vset(x.scales[i]), acc[i]);
        x.scales += m;
    }
    UNROLL for (int i = 0; i < m; i++) vstore_part(y + i * a->out, acc[i], n);
}

/* Whether numbers are what is multiplied as they lie, and only scales need to be decoded. */
#define WHOLE_BYTES (PART_BYTES == PART * GROUP_ROWS)

/* Decodes a group to a panel in the scratch memory, 16 · in bytes and two vectors a unit. */
static struct panel W(decode)(const uint8_t *group, int64_t in, uint8_t *scratch) {
    float *to = (float *)(scratch + GROUP_ROWS * in), *minima = to + in / UNIT * VL;
    const struct panel panel = {WHOLE_BYTES ? group : scratch, WHOLE_BYTES ? CHUNK_BYTES : SCALED * GROUP_ROWS, to, minima};
    for (int64_t k = 0; k < in; k += CHUNK) {
        struct W(chunk) at = W(chunk_at)(group, k, in);
        for (int64_t column = 0; column < at.columns; column += BLOCK, at.scales += SCALE_BYTES) {
            vf scale[UNITS], minimum[UNITS];
            scales(at.scales, scale, minimum);
            UNROLL for (int u = 0; u < UNITS; u++, to += VL, minima += VL) {
                vstore(to, scale[u]);
                if (MINIMA) vstore(minima, minimum[u]);
            }
            for (int p = 0; p < BLOCK_PARTS && !WHOLE_BYTES; p++) {
                __m512i number[PART / 4];
                numbers(at.part, number);
                UNROLL for (int j = 0; j < PART / 4; j++) _mm512_store_si512(scratch + j * 64, number[j]);
                at.part += PART_BYTES;
                scratch += PART * GROUP_ROWS;
            }
        }
    }
    return panel;
}

/* Task: a block of rows of x by 16 rows of w, the latter next to each other. */
EXPORT void W(interleaved_linear)(const struct W(linear) *a, int64_t from, int64_t to, uint8_t *scratch) {
    const int64_t groups = ceil_div(a->out, GROUP_ROWS);
    for (int64_t task = from; task < to; task++) {
        const int64_t o = task % groups * GROUP_ROWS, n = smaller(GROUP_ROWS, a->out - o);
        const uint8_t *group = a->w + task % groups * a->group_bytes;
        const float *b = a->b ? a->b + o : 0;
        switch (a->x.rows) {
            case 1: W(direct)(1, a, group, a->y + o, b, n); continue;
            case 2: W(direct)(2, a, group, a->y + o, b, n); continue;
            case 3: W(direct)(3, a, group, a->y + o, b, n); continue;
            case 4: W(direct)(4, a, group, a->y + o, b, n); continue;
        }
        const struct panel panel = W(decode)(group, a->x.in, scratch);
        const int64_t t0 = task / groups * a->token_block, t1 = smaller(t0 + a->token_block, a->x.rows);
        for (int64_t t = t0; t < t1; t += TOKENS) {
            const struct input_tile x = tile_at(&a->x, t, a->x.in / UNIT);
            const int64_t m = smaller(TOKENS, a->x.rows - t);
            (MINIMA ? panel_tile_32_minima : UNIT == 32 ? panel_tile_32 : panel_tile_16)(
                &panel, &x, a->x.in, m, a->y + t * a->out + o, a->out, b, n);
        }
    }
}

struct W(pack) {
    uint8_t *to;
    const uint8_t *from;
    int64_t rows, in, row_bytes, group_bytes;
};

/* Task: a group of 16 rows; those that are missing are zero. */
EXPORT void W(interleave)(const struct W(pack) *a, int64_t from, int64_t to) {
    for (int64_t g = from; g < to; g++) {
        uint8_t *group = a->to + g * a->group_bytes;
        memset(group, 0, (size_t)a->group_bytes);
        for (int64_t row = 0; row < smaller(GROUP_ROWS, a->rows - g * GROUP_ROWS); row++) {
            const uint8_t *block = a->from + (g * GROUP_ROWS + row) * a->row_bytes;
            for (int64_t k = 0; k < a->in; k += CHUNK) {
                struct W(chunk) at = W(chunk_at)(group, k, a->in);
                for (int64_t column = 0; column < at.columns; column += BLOCK, block += BLOCK_BYTES) {
                    pack_block(block, (int)row, at.part, at.scales);
                    at.part += BLOCK_PARTS * PART_BYTES;
                    at.scales += SCALE_BYTES;
                }
            }
        }
    }
}

struct W(rows) {
    float *to;
    const uint8_t *w;
    const int32_t *rows;
    int64_t in, group_bytes;
};

/* Task: one of the rows asked for, as F32. */
EXPORT void W(interleaved_rows)(const struct W(rows) *a, int64_t from, int64_t to) {
    for (int64_t task = from; task < to; task++) {
        const uint8_t *group = a->w + a->rows[task] / GROUP_ROWS * a->group_bytes;
        const int row = a->rows[task] % GROUP_ROWS;
        float *y = a->to + task * a->in;
        for (int64_t k = 0; k < a->in; k += CHUNK) {
            struct W(chunk) at = W(chunk_at)(group, k, a->in);
            for (int64_t column = 0; column < at.columns; column += BLOCK, at.scales += SCALE_BYTES) {
                vf scale[UNITS], minimum[UNITS];
                scales(at.scales, scale, minimum);
                for (int p = 0; p < BLOCK_PARTS; p++, at.part += PART_BYTES, y += PART) {
                    __m512i number[PART / 4];
                    numbers(at.part, number);
                    for (int e = 0; e < PART; e++) {
                        const int unit = (p * PART + e) / UNIT;
                        const uint8_t code = ((uint8_t *)&number[e / 4])[row * 4 + e % 4];
                        const float value = ((float *)&scale[unit])[row] * VALUE(code);
                        y[e] = MINIMA ? value - ((float *)&minimum[unit])[row] : value;
                    }
                }
            }
        }
    }
}

/* What the caller has to know for rows of so many columns: bytes of a group, unit, offset, whether there are minima. */
EXPORT void W(interleaved_shape)(int64_t *to, int64_t in, int64_t unused, void *scratch) {
    (void)unused;
    (void)scratch;
    to[0] = ceil_div(in / PART * PART_BYTES + in / BLOCK * SCALE_BYTES, 64) * 64;
    to[1] = UNIT;
    to[2] = OFFSET;
    to[3] = MINIMA;
}
