/* ggml block_q6_K: lower four and upper two bits of 256 numbers less 32, 16 signed scales, then their F16 scale. */
#include "block.h"

INLINE void q6_k(const uint8_t *block, int part, float *to) {
    const int half = part / 4, quarter = part % 4;
    const uint8_t *lower = block + 64 * half + 32 * (quarter % 2), *upper = block + 128 + 32 * half;
    const int8_t *scales = (const int8_t *)block + 192 + 2 * part;
    const float scale = half_at(block + 208);
    for (int s = 0; s < 2; s++) {
        const float d = scale * (float)scales[s];
        for (int l = 16 * s; l < 16 * s + 16; l++) {
            const int number = (lower[l] >> 4 * (quarter / 2) & 15) | (upper[l] >> 2 * quarter & 3) << 4;
            to[l] = d * (float)(number - 32);
        }
    }
}

BLOCK_DECODER(q6_k, 256, 210)
