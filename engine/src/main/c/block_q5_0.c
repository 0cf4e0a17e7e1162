/* ggml block_q5_0: an F16 scale, the fifth bits, then 32 4-bit numbers; less 16. */
#include "block.h"

INLINE void q5_0(const uint8_t *block, int part, float *to) {
    (void)part;
    const float d = half_at(block);
    uint32_t fifth;
    memcpy(&fifth, block + 2, 4);
    for (int j = 0; j < 16; j++) {
        to[j] = (float)((int)((block[6 + j] & 15) | (fifth >> j & 1) << 4) - 16) * d;
        to[j + 16] = (float)((int)((block[6 + j] >> 4) | (fifth >> (j + 16) & 1) << 4) - 16) * d;
    }
}

BLOCK_DECODER(q5_0, 32, 22)
