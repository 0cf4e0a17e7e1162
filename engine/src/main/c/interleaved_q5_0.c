/* Interleaved Q5_0 (ggml block_q5_0): an F16 scale, 32 fifth bits, then the rest of 32 numbers less 16. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) q5_0_##x
#define BLOCK 32
#define BLOCK_BYTES 22
#define UNIT 32
#define OFFSET 16
#define MINIMA 0
#define PART_BYTES (NIBBLE_BYTES + FIFTH_BYTES)
#define SCALE_BYTES (2 * GROUP_ROWS)

INLINE void numbers(const uint8_t *part, __m512i to[8]) {
    nibbles(part, to);
    fifths(part, to);
}

INLINE void scales(const uint8_t *at, vf scale[1], vf minimum[1]) {
    (void)minimum;
    scale[0] = halves(at);
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *part, uint8_t *at) {
    uint32_t bits;
    memcpy(&bits, block + 2, 4);
    put_half(block, row, at);
    put_nibbles(block + 6, row, part);
    put_fifths(bits, row, part);
}

#include "interleaved_linear.h"

#endif
