/* Inputs quantised for interleaved weights (see interleaved.h): signed bytes, the greatest of 128 columns being 127. */
#include "interleaved.h"

#if defined(__AVX512VNNI__)

struct quantize_inputs {
    int32_t *values;
    float *scales;
    int32_t *corrections;
    const float *x;
    int64_t rows, in, unit, offset, minima;
};

/* Sums of 16 bytes each of a part, for a correction or a sum of a unit. */
INLINE void correct(const struct quantize_inputs *a, int32_t first, int32_t second, int64_t m, int32_t *to) {
    int32_t sums[2] = {first, second};
    if (a->unit == PART) sums[0] += second;
    for (int64_t h = 0; h < PART / a->unit; h++) {
        if (a->minima) {
            const float sum = (float)sums[h];
            memcpy(to + h * m, &sum, 4);
        } else {
            to[h * m] = -(int32_t)a->offset * sums[h];
        }
    }
}

INLINE void put(__m128i bytes, int64_t m, int32_t *to) {
    int32_t four[4];
    _mm_storeu_si128((__m128i *)four, bytes);
    UNROLL for (int j = 0; j < 4; j++) to[j * m] = four[j];
}

static void quantize_row(const struct quantize_inputs *a, int64_t t, int64_t first, int64_t m) {
    const float *x = a->x + t * a->in;
    const int64_t i = t - first, groups = ceil_div(a->in, SCALED), units = a->in / a->unit;
    int32_t *values = a->values + first * a->in / 4 + i;
    int32_t *corrections = a->corrections + first * units + i;
    float *scales = a->scales + first * groups + i;
    for (int64_t g = 0; g < groups; g++) {
        const int64_t k0 = g * SCALED, k1 = smaller(k0 + SCALED, a->in);
        vf most = vzero(), broken = vzero();
        for (int64_t k = k0; k < k1; k += VL) {
            const vf v = vload(x + k);
            most = vmax(vabs(v), most);
            /* NaN where a value is not finite, so that the outputs are too. */
            broken = vfma(v, vzero(), broken);
        }
        const float scale = vgreatest(most) / 127.0f + vsum(broken);
        const vf inverse = vset(scale > 0 ? 1.0f / scale : 0.0f);
        for (int64_t k = k0; k < k1; k += PART) {
            const __m512i q0 = _mm512_cvtps_epi32(vmul(vload(x + k), inverse));
            const __m512i q1 = _mm512_cvtps_epi32(vmul(vload(x + k + VL), inverse));
            put(_mm512_cvtsepi32_epi8(q0), m, values + k / 4 * m);
            put(_mm512_cvtsepi32_epi8(q1), m, values + (k / 4 + 4) * m);
            correct(a, _mm512_reduce_add_epi32(q0), _mm512_reduce_add_epi32(q1), m, corrections + k / a->unit * m);
        }
        scales[g * m] = scale;
    }
}

/* Task: a tile of rows. */
EXPORT void quantize_inputs(const struct quantize_inputs *a, int64_t from, int64_t to) {
    for (int64_t first = from * TOKENS; first < smaller(to * TOKENS, a->rows); first += TOKENS) {
        const int64_t m = smaller(TOKENS, a->rows - first);
        for (int64_t t = first; t < first + m; t++) quantize_row(a, t, first, m);
    }
}

#endif
