/* ggml block_q5_1: F16 scale and minimum, the fifth bits, then 32 4-bit numbers. */
#include "block.h"

INLINE void q5_1(const uint8_t *block, int part, float *to) {
    (void)part;
    const float d = half_at(block), m = half_at(block + 2);
    uint32_t fifth;
    memcpy(&fifth, block + 4, 4);
    for (int j = 0; j < 16; j++) {
        to[j] = (float)(int)((block[8 + j] & 15) | (fifth >> j & 1) << 4) * d + m;
        to[j + 16] = (float)(int)((block[8 + j] >> 4) | (fifth >> (j + 16) & 1) << 4) * d + m;
    }
}

BLOCK_DECODER(q5_1, 32, 24)
