/* ggml block_q5_K: as block_q4_K, with fifth bits before the numbers, a bit a part. */
#include "block.h"

#include "six_bit_scales.h"

INLINE void q5_k(const uint8_t *block, int part, float *to) {
    const float d = half_at(block) * (float)scale_of(block + 4, part);
    const float m = half_at(block + 2) * (float)minimum_of(block + 4, part);
    const uint8_t *fifth = block + 16, *numbers = block + 48 + part / 2 * 32;
    const int shift = 4 * (part % 2);
    for (int l = 0; l < 32; l++) to[l] = d * (float)((numbers[l] >> shift & 15) | (fifth[l] >> part & 1) << 4) - m;
}

BLOCK_DECODER(q5_k, 256, 176)
