/* ggml block_q4_0: an F16 scale, then 32 4-bit numbers less 8. */
#include "block.h"

INLINE void q4_0(const uint8_t *block, int part, float *to) {
    (void)part;
    const float d = half_at(block);
    for (int j = 0; j < 16; j++) {
        to[j] = (float)((block[2 + j] & 15) - 8) * d;
        to[j + 16] = (float)((block[2 + j] >> 4) - 8) * d;
    }
}

BLOCK_DECODER(q4_0, 32, 18)
