/* ggml block_q2_K: 16 scales and minima of 4 bits, 256 2-bit numbers, then F16 scales of both. */
#include "block.h"

INLINE void q2_k(const uint8_t *block, int part, float *to) {
    const float scale = half_at(block + 80), minimum = half_at(block + 82);
    const uint8_t *numbers = block + 16 + part / 4 * 32;
    for (int half = 0; half < 2; half++) {
        const uint8_t both = block[2 * part + half];
        const float d = scale * (float)(both & 15), m = minimum * (float)(both >> 4);
        for (int l = 16 * half; l < 16 * half + 16; l++) to[l] = d * (float)(numbers[l] >> 2 * (part % 4) & 3) - m;
    }
}

BLOCK_DECODER(q2_k, 256, 84)
