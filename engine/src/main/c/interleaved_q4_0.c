/* Interleaved Q4_0 (ggml block_q4_0): an F16 scale, then 32 numbers of four bits less 8. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) q4_0_##x
#define BLOCK 32
#define BLOCK_BYTES 18
#define UNIT 32
#define OFFSET 8
#define MINIMA 0
#define PART_BYTES NIBBLE_BYTES
#define SCALE_BYTES (2 * GROUP_ROWS)

INLINE void numbers(const uint8_t *part, __m512i to[8]) { nibbles(part, to); }

INLINE void scales(const uint8_t *at, vf scale[1], vf minimum[1]) {
    (void)minimum;
    scale[0] = halves(at);
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *part, uint8_t *at) {
    put_half(block, row, at);
    put_nibbles(block + 2, row, part);
}

#include "interleaved_linear.h"

#endif
