/*
 * Projections by Q8_0 weights of activations that are quantised likewise, 32 at a time with an F32 scale (as llama.cpp
 * does): whole-number dot products of each block (VNNI), scaled and added in F32, block after block. An output's order of
 * summation is that of its row's blocks, whatever rows are beside it.
 */
#include "tile.h"

#if defined(__AVX512VNNI__)

#define BLOCK 32
#define BLOCK_BYTES 34
/* Rows of x a tile takes, and blocks of a panel. */
#define M 8
#define PANEL_BLOCKS 16

/* values [rows, in]; scales and corrections [rows, in / 32], the latter -128 times the sum of a block's values. */
struct quantize_rows {
    int8_t *values;
    float *scales;
    int32_t *corrections;
    const float *x;
    int64_t rows, in;
};

/* Task: one row. */
EXPORT void quantize_rows(const struct quantize_rows *a, int64_t from, int64_t to) {
    const int64_t blocks = a->in / BLOCK;
    for (int64_t block = from * blocks; block < to * blocks; block++) {
        const vf low = vload(a->x + block * BLOCK), high = vload(a->x + block * BLOCK + VL);
        /* NaN where a value is not finite, so that the outputs are too. */
        const float finite = vsum(vmul(vadd(low, high), vzero()));
        const float scale = vgreatest(vmax(vabs(low), vabs(high))) / 127.0f + finite;
        const vf inverse = vset(scale > 0 ? 1.0f / scale : 0.0f);
        const __m512i q0 = _mm512_cvtps_epi32(vmul(low, inverse)), q1 = _mm512_cvtps_epi32(vmul(high, inverse));
        _mm_storeu_si128((__m128i *)(a->values + block * BLOCK), _mm512_cvtsepi32_epi8(q0));
        _mm_storeu_si128((__m128i *)(a->values + block * BLOCK + VL), _mm512_cvtsepi32_epi8(q1));
        a->scales[block] = scale;
        a->corrections[block] = -128 * _mm512_reduce_add_epi32(_mm512_add_epi32(q0, q1));
    }
}

struct linear_vnni {
    float *y;
    const int8_t *values;
    const float *scales;
    const int32_t *corrections;
    const char *w;
    const float *b;
    int64_t rows, in, out, row_bytes;
};

/* A block of 16 rows of w: four bytes of each row beside each other, made unsigned by adding 128; and their scales. */
struct panel {
    __m512i values[8];
    __m512 scales;
};

/* Eight rows' four-byte groups 0 to 7, transposed. */
INLINE void transpose(const char *const rows[8], __m256i t[8]) {
    __m256i a[8], b[8];
    UNROLL for (int i = 0; i < 8; i++) a[i] = _mm256_loadu_si256((const __m256i *)(rows[i] + 2));
    UNROLL for (int i = 0; i < 8; i += 2) {
        b[i] = _mm256_unpacklo_epi32(a[i], a[i + 1]);
        b[i + 1] = _mm256_unpackhi_epi32(a[i], a[i + 1]);
    }
    UNROLL for (int i = 0; i < 8; i += 4) {
        a[i] = _mm256_unpacklo_epi64(b[i], b[i + 2]);
        a[i + 1] = _mm256_unpackhi_epi64(b[i], b[i + 2]);
        a[i + 2] = _mm256_unpacklo_epi64(b[i + 1], b[i + 3]);
        a[i + 3] = _mm256_unpackhi_epi64(b[i + 1], b[i + 3]);
    }
    UNROLL for (int i = 0; i < 4; i++) {
        t[i] = _mm256_permute2x128_si256(a[i], a[i + 4], 0x20);
        t[i + 4] = _mm256_permute2x128_si256(a[i], a[i + 4], 0x31);
    }
}

INLINE void fill(const char *const rows[16], int64_t block, int64_t ahead, struct panel *to) {
    const char *at[16];
    uint16_t scales[16];
    for (int i = 0; i < 16; i++) {
        at[i] = rows[i] + block * BLOCK_BYTES;
        memcpy(scales + i, at[i], 2);
        __builtin_prefetch(at[i] + ahead);
    }
    to->scales = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)scales));
    __m256i low[8], high[8];
    transpose(at, low);
    transpose(at + 8, high);
    const __m512i sign = _mm512_set1_epi8((char)0x80);
    UNROLL for (int i = 0; i < 8; i++) {
        const __m512i both = _mm512_inserti64x4(_mm512_castsi256_si512(low[i]), high[i], 1);
        to->values[i] = _mm512_xor_si512(both, sign);
    }
}

INLINE void tile(const int m, const struct linear_vnni *a, int64_t t, int64_t o, int64_t block0, int64_t count,
                 const struct panel *panel) {
    const int64_t blocks = a->in / BLOCK, n = smaller(16, a->out - o);
    __m512 acc[M];
    UNROLL for (int i = 0; i < m; i++) {
        const float *before = block0 > 0 ? a->y + (t + i) * a->out + o : a->b ? a->b + o : 0;
        acc[i] = before ? vload_part(before, n) : vzero();
    }
    for (int64_t k = 0; k < count; k++) {
        const int64_t at = t * blocks + block0 + k;
        __m512i dot[M];
        UNROLL for (int i = 0; i < m; i++) dot[i] = _mm512_set1_epi32(a->corrections[at + i * blocks]);
        UNROLL for (int j = 0; j < 8; j++) {
            const __m512i w = panel[k].values[j];
            UNROLL for (int i = 0; i < m; i++) {
                int32_t four;
                memcpy(&four, a->values + (at + i * blocks) * BLOCK + 4 * j, 4);
                dot[i] = _mm512_dpbusd_epi32(dot[i], w, _mm512_set1_epi32(four));
            }
        }
        UNROLL for (int i = 0; i < m; i++) {
            const vf scale = vmul(panel[k].scales, vset(a->scales[at + i * blocks]));
            acc[i] = vfma(scale, _mm512_cvtepi32_ps(dot[i]), acc[i]);
        }
    }
    UNROLL for (int i = 0; i < m; i++) vstore_part(a->y + (t + i) * a->out + o, acc[i], n);
}

/* Task: 256 rows of x by 16 rows of w. */
EXPORT void q8_0_linear_vnni(const struct linear_vnni *a, int64_t from, int64_t to) {
    const int64_t row_blocks = ceil_div(a->rows, LINEAR_ROWS), blocks = a->in / BLOCK;
    struct panel panel[PANEL_BLOCKS];
    for (int64_t task = from; task < to; task++) {
        const int64_t o = task / row_blocks * 16;
        const int64_t t0 = task % row_blocks * LINEAR_ROWS, t1 = smaller(t0 + LINEAR_ROWS, a->rows);
        const char *rows[16];
        for (int64_t j = 0; j < 16; j++) rows[j] = a->w + smaller(o + j, a->out - 1) * a->row_bytes;
        for (int64_t block = 0; block < blocks; block += PANEL_BLOCKS) {
            const int64_t count = smaller(PANEL_BLOCKS, blocks - block);
            for (int64_t k = 0; k < count; k++) fill(rows, block + k, 16 * a->row_bytes, panel + k);
            for (int64_t t = t0; t < t1; t += M) {
#define CASE(ROWS)                                                                                                     \
    case ROWS: tile(ROWS, a, t, o, block, count, panel); break;
                switch (smaller(M, t1 - t)) {
                    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
                }
#undef CASE
            }
        }
    }
}

#endif
