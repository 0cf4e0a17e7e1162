/* Interleaved Q5_1 (ggml block_q5_1): an F16 scale and minimum, 32 fifth bits, then the rest of 32 numbers. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) q5_1_##x
#define BLOCK 32
#define BLOCK_BYTES 24
#define UNIT 32
#define OFFSET 0
#define MINIMA 1
#define PART_BYTES (NIBBLE_BYTES + FIFTH_BYTES)
#define SCALE_BYTES (4 * GROUP_ROWS)

INLINE void numbers(const uint8_t *part, __m512i to[8]) {
    nibbles(part, to);
    fifths(part, to);
}

INLINE void scales(const uint8_t *at, vf scale[1], vf minimum[1]) {
    scale[0] = halves(at);
    minimum[0] = vneg(halves(at + 2 * GROUP_ROWS));
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *part, uint8_t *at) {
    uint32_t bits;
    memcpy(&bits, block + 4, 4);
    put_half(block, row, at);
    put_half(block + 2, row, at + 2 * GROUP_ROWS);
    put_nibbles(block + 8, row, part);
    put_fifths(bits, row, part);
}

#include "interleaved_linear.h"

#endif
