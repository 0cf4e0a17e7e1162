/* ggml block_iq4_xs: an F16 scale, 8 signed 6-bit scales, then 256 4-bit numbers of a table. */
#include "block.h"

#include "non_linear_4.h"

INLINE void iq4_xs(const uint8_t *block, int part, float *to) {
    const int high = block[2] | block[3] << 8;
    const int scale = (block[4 + part / 2] >> 4 * (part % 2) & 15) | (high >> 2 * part & 3) << 4;
    non_linear_4(block + 8 + 16 * part, half_at(block) * (float)(scale - 32), to);
}

BLOCK_DECODER(iq4_xs, 256, 136)
