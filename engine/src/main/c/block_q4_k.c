/* ggml block_q4_K: F16 scales of scales and minima, those in 6 bits, then 256 4-bit numbers. */
#include "block.h"

#include "six_bit_scales.h"

INLINE void q4_k(const uint8_t *block, int part, float *to) {
    const float d = half_at(block) * (float)scale_of(block + 4, part);
    const float m = half_at(block + 2) * (float)minimum_of(block + 4, part);
    const uint8_t *numbers = block + 16 + part / 2 * 32;
    const int shift = 4 * (part % 2);
    for (int l = 0; l < 32; l++) to[l] = d * (float)(numbers[l] >> shift & 15) - m;
}

BLOCK_DECODER(q4_k, 256, 144)
