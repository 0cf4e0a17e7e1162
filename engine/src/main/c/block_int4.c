/* GPTQ and AWQ weights: an F16 scale, a zero point, then 32 4-bit numbers; scale · (number - zero). */
#include "block.h"

INLINE void int4(const uint8_t *block, int part, float *to) {
    (void)part;
    const float scale = half_at(block);
    const int zero = block[2];
    for (int j = 0; j < 16; j++) {
        to[j] = scale * (float)((block[3 + j] & 15) - zero);
        to[j + 16] = scale * (float)((block[3 + j] >> 4) - zero);
    }
}

BLOCK_DECODER(int4, 32, 19)
