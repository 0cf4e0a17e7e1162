/* Tiles of quantised inputs times panels of 16 rows of weights (see interleaved.h). */
#include "interleaved.h"

#if defined(__AVX512VNNI__)

#define NUMBER(j) _mm512_load_si512(numbers + (j) * 64)
#define SCALE(h) vload(scales + (h) * VL)
#define MINIMUM(h) vload(minima + (h) * VL)

INLINE void tile(const int m, const int unit, const int has_minima, const struct panel *panel, const struct input_tile *x,
                 int64_t in, float *y, int64_t ldy, const float *b, int64_t n) {
    const float *scales = panel->scales, *minima = panel->minima, *input_scales = x->scales;
    const int32_t *values = x->values, *corrections = x->corrections;
    const vf bias = b ? vload_part(b, n) : vzero();
    vf acc[TOKENS];
    UNROLL for (int i = 0; i < m; i++) acc[i] = bias;
    for (int64_t k = 0; k < in; k += SCALED) {
        vf sums[TOKENS];
        UNROLL for (int i = 0; i < m; i++) sums[i] = vzero();
        const uint8_t *numbers = panel->numbers + k / SCALED * panel->stride;
        const int64_t parts = smaller(SCALED, in - k) / PART;
        for (int64_t part = 0; part < parts; part++) {
            ADD_PART(m, unit, has_minima, NUMBER, SCALE, MINIMUM, values, corrections, sums)
            numbers += PART * GROUP_ROWS;
            scales += PART / unit * VL;
            if (has_minima) minima += PART / unit * VL;
            values += PART / 4 * m;
            corrections += PART / unit * m;
        }
        UNROLL for (int i = 0; i < m; i++) acc[i] = vfma(sums[i], vset(input_scales[i]), acc[i]);
        input_scales += m;
    }
    UNROLL for (int i = 0; i < m; i++) vstore_part(y + i * ldy, acc[i], n);
}

#define PANEL_TILE(NAME, UNIT, MINIMA)                                                                                 \
    void NAME(const struct panel *panel, const struct input_tile *x, int64_t in, int64_t m, float *y, int64_t ldy,     \
              const float *b, int64_t n) {                                                                             \
        switch (m) {                                                                                                   \
            CASE(1, UNIT, MINIMA) CASE(2, UNIT, MINIMA) CASE(3, UNIT, MINIMA) CASE(4, UNIT, MINIMA)                    \
            CASE(5, UNIT, MINIMA) CASE(6, UNIT, MINIMA) CASE(7, UNIT, MINIMA) CASE(8, UNIT, MINIMA)                    \
            CASE(9, UNIT, MINIMA) CASE(10, UNIT, MINIMA) CASE(11, UNIT, MINIMA) CASE(12, UNIT, MINIMA)                 \
        }                                                                                                              \
    }
#define CASE(M, UNIT, MINIMA)                                                                                          \
    case M: tile(M, UNIT, MINIMA, panel, x, in, y, ldy, b, n); break;

PANEL_TILE(panel_tile_32, 32, 0)
PANEL_TILE(panel_tile_32_minima, 32, 1)
PANEL_TILE(panel_tile_16, 16, 0)

#endif
