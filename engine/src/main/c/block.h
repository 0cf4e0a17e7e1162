/* What a block format gives to projections: its numbers as F32, in ggml's order of operations (ggml-quants.c). */
#ifndef ORRERY_BLOCK_H
#define ORRERY_BLOCK_H

#include "vec.h"

/* Writes n weights of a row from element k on, both whole numbers of 32. */
typedef void block_decoder(const char *row, int64_t k, int64_t n, float *to);

/* An F16 number by arithmetic that every level has; subnormal ones, infinities and NaN included. */
INLINE float half_at(const void *p) {
    uint16_t h;
    memcpy(&h, p, 2);
    const uint32_t sign = (uint32_t)(h & 0x8000) << 16, rest = (uint32_t)(h & 0x7fff) << 13;
    uint32_t bits;
    float value;
    if (rest >= 0x0f800000) {
        bits = rest + 0x70000000;
        memcpy(&value, &bits, 4);
    } else {
        memcpy(&value, &rest, 4);
        value *= 0x1p112f;
    }
    memcpy(&bits, &value, 4);
    bits |= sign;
    memcpy(&value, &bits, 4);
    return value;
}

/* Defines decode_NAME(row, k, n, to) for blocks of ELEMENTS in BYTES, by NAME(block, part, to): the block's 32 numbers from
   32 · part on. */
#define BLOCK_DECODER(NAME, ELEMENTS, BYTES)                                                                           \
    EXPORT void decode_##NAME(const char *row, int64_t k, int64_t n, float *to) {                                      \
        for (int64_t e = k; e < k + n; e += 32) {                                                                      \
            NAME((const uint8_t *)row + e / ELEMENTS * BYTES, (int)(e % ELEMENTS / 32), to + e - k);                   \
        }                                                                                                              \
    }

#endif
