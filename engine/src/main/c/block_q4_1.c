/* ggml block_q4_1: F16 scale and minimum, then 32 4-bit numbers. */
#include "block.h"

INLINE void q4_1(const uint8_t *block, int part, float *to) {
    (void)part;
    const float d = half_at(block), m = half_at(block + 2);
    for (int j = 0; j < 16; j++) {
        to[j] = (float)(block[4 + j] & 15) * d + m;
        to[j + 16] = (float)(block[4 + j] >> 4) * d + m;
    }
}

BLOCK_DECODER(q4_1, 32, 20)
