/*
 * Quantised weights packed for whole-number dot products. Sixteen rows lie beside each other, so that a register holds four
 * neighbouring numbers of each, as vpdpbusd multiplies them: a part of 32 columns is eight such registers, or what becomes
 * them by masks and shifts. Behind the numbers of 128 or 256 columns lie their scales, a vector of 16 each: whoever multiplies
 * reads a group of 16 rows from front to end, as the hardware reads ahead (scales apart cost a third of the speed).
 *
 * Inputs are quantised too, to signed bytes with an F32 scale for 128 columns, in tiles of TOKENS rows: four bytes of each
 * row beside each other, so that a tile is read in order. Numbers are unsigned; what they are less (OFFSET) leaves a dot
 * product as OFFSET times the sum of its inputs, the correction that it begins with.
 *
 * An output adds its units (the columns that share a scale) in order, 128 columns to a sum of their own, whatever is beside it.
 */
#ifndef ORRERY_INTERLEAVED_H
#define ORRERY_INTERLEAVED_H

#include "vec.h"

#if defined(__AVX512VNNI__)

/* Rows of x in a tile: 24 accumulators, and registers for what they are multiplied by. */
#define TOKENS 12
#define GROUP_ROWS 16
#define PART 32
#define SCALED 128

/* Quantised rows [rows, in]; per unit of UNIT columns a correction, -OFFSET times the sum of its bytes, or the F32 sum. */
struct inputs {
    const int32_t *values;
    const float *scales;
    const int32_t *corrections;
    int64_t rows, in;
};

/* A tile of inputs: m rows, and where each of the three begins. */
struct input_tile {
    const int32_t *values;
    const float *scales;
    const int32_t *corrections;
};

INLINE struct input_tile tile_at(const struct inputs *x, int64_t t, int64_t units) {
    return (struct input_tile){x->values + t * x->in / 4, x->scales + t * ceil_div(x->in, SCALED),
                               x->corrections + t * units};
}

/* 16 rows ready to be multiplied: numbers [in / 4][16 · 4], 128 columns every `stride` bytes, and a scale, perhaps a minimum,
   for each unit. */
struct panel {
    const uint8_t *numbers;
    int64_t stride;
    const float *scales, *minima;
};

/* y[t, 0..n) for the m rows of a tile; b may be null. */
typedef void panel_tile(const struct panel *panel, const struct input_tile *x, int64_t in, int64_t m, float *y, int64_t ldy,
                        const float *b, int64_t n);

panel_tile panel_tile_32, panel_tile_32_minima, panel_tile_16;

INLINE vf as_float(__m512i a) { return _mm512_cvtepi32_ps(a); }

/* Adds the units of a part to sums[m]: numbers as NUMBER(0) to NUMBER(7). */
#define ADD_PART(M, UNIT, MINIMA, NUMBER, SCALE, MINIMUM, VALUES, CORRECTIONS, SUMS)                                   \
    UNROLL for (int h_ = 0; h_ < PART / (UNIT); h_++) {                                                                \
        __m512i dot_[M];                                                                                               \
        UNROLL for (int i_ = 0; i_ < (M); i_++) {                                                                      \
            dot_[i_] = (MINIMA) ? _mm512_setzero_si512() : _mm512_set1_epi32((CORRECTIONS)[h_ * (M) + i_]);            \
        }                                                                                                              \
        UNROLL for (int j_ = h_ * (UNIT) / 4; j_ < (h_ + 1) * (UNIT) / 4; j_++) {                                      \
            const __m512i number_ = NUMBER(j_);                                                                        \
            UNROLL for (int i_ = 0; i_ < (M); i_++) {                                                                  \
                dot_[i_] = _mm512_dpbusd_epi32(dot_[i_], number_, _mm512_set1_epi32((VALUES)[j_ * (M) + i_]));         \
            }                                                                                                          \
        }                                                                                                              \
        const vf scale_ = SCALE(h_);                                                                                   \
        UNROLL for (int i_ = 0; i_ < (M); i_++) (SUMS)[i_] = vfma(as_float(dot_[i_]), scale_, (SUMS)[i_]);             \
        if (MINIMA) {                                                                                                  \
            const vf minimum_ = MINIMUM(h_);                                                                           \
            UNROLL for (int i_ = 0; i_ < (M); i_++) {                                                                  \
                float sum_;                                                                                            \
                memcpy(&sum_, (CORRECTIONS) + h_ * (M) + i_, 4);                                                       \
                (SUMS)[i_] = _mm512_fnmadd_ps(minimum_, vset(sum_), (SUMS)[i_]);                                       \
            }                                                                                                          \
        }                                                                                                              \
    }

#endif
#endif
