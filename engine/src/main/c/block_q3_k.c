/* ggml block_q3_K: third bits, 256 2-bit numbers, 16 signed 6-bit scales, then their F16 scale. */
#include "block.h"

INLINE void q3_k(const uint8_t *block, int part, float *to) {
    const float scale = half_at(block + 108);
    const uint8_t *numbers = block + 32 + part / 4 * 32, *scales = block + 96;
    for (int half = 0; half < 2; half++) {
        const int j = 2 * part + half;
        const int low = j < 8 ? scales[j] & 15 : scales[j - 8] >> 4;
        const float d = scale * (float)((low | (scales[8 + j % 4] >> 2 * (j / 4) & 3) << 4) - 32);
        for (int l = 16 * half; l < 16 * half + 16; l++) {
            const int third = block[l] >> part & 1;
            to[l] = d * (float)((numbers[l] >> 2 * (part % 4) & 3) - 4 * (1 - third));
        }
    }
}

BLOCK_DECODER(q3_k, 256, 110)
