/* Interleaved IQ4_XS (ggml block_iq4_xs): an F16 scale, eight signed 6-bit scales (here bytes), then 4-bit numbers of a table. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#include "non_linear_4_bytes.h"

#define W(x) iq4_xs_##x
#define BLOCK 256
#define BLOCK_BYTES 136
#define UNIT 32
#define OFFSET 128
#define MINIMA 0
#define PART_BYTES NIBBLE_BYTES
/* The last two of twelve vectors of bytes are nothing: what follows begins at a cache line. */
#define SCALE_BYTES (12 * GROUP_ROWS)

INLINE void numbers(const uint8_t *part, __m512i to[8]) {
    nibbles(part, to);
    look_up(NON_LINEAR_4_BYTES, to);
}

INLINE void scales(const uint8_t *at, vf scale[8], vf minimum[8]) {
    (void)minimum;
    const vf d = halves(at + 8 * GROUP_ROWS);
    UNROLL for (int j = 0; j < 8; j++) scale[j] = vmul(d, signed_as_float(at + j * GROUP_ROWS));
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *parts, uint8_t *at) {
    const int high = block[2] | block[3] << 8;
    for (int j = 0; j < 8; j++) {
        const int scale = (block[4 + j / 2] >> 4 * (j % 2) & 15) | (high >> 2 * j & 3) << 4;
        at[j * GROUP_ROWS + row] = (uint8_t)(scale - 32);
        put_nibbles(block + 8 + 16 * j, row, parts + j * PART_BYTES);
    }
    put_half(block, row, at + 8 * GROUP_ROWS);
}

#include "interleaved_linear.h"

#endif
