/* Interleaved Q4_1 (ggml block_q4_1): an F16 scale and minimum, then 32 numbers of four bits. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) q4_1_##x
#define BLOCK 32
#define BLOCK_BYTES 20
#define UNIT 32
#define OFFSET 0
#define MINIMA 1
#define PART_BYTES NIBBLE_BYTES
#define SCALE_BYTES (4 * GROUP_ROWS)

INLINE void numbers(const uint8_t *part, __m512i to[8]) { nibbles(part, to); }

INLINE void scales(const uint8_t *at, vf scale[1], vf minimum[1]) {
    scale[0] = halves(at);
    minimum[0] = vneg(halves(at + 2 * GROUP_ROWS));
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *part, uint8_t *at) {
    put_half(block, row, at);
    put_half(block + 2, row, at + 2 * GROUP_ROWS);
    put_nibbles(block + 4, row, part);
}

#include "interleaved_linear.h"

#endif
