/* ggml block_mxfp4: a power of two, then 32 4-bit floating-point numbers. */
#include "block.h"

static const float VALUES[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

INLINE void mxfp4(const uint8_t *block, int part, float *to) {
    (void)part;
    const uint32_t bits = block[0] < 2 ? 0x00200000u << block[0] : (uint32_t)(block[0] - 1) << 23;
    float half;
    memcpy(&half, &bits, 4);
    for (int j = 0; j < 16; j++) {
        to[j] = VALUES[block[1 + j] & 15] * half;
        to[j + 16] = VALUES[block[1 + j] >> 4] * half;
    }
}

BLOCK_DECODER(mxfp4, 32, 17)
