/* Interleaved IQ4_NL (ggml block_iq4_nl): an F16 scale, then 32 4-bit numbers of a table. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#include "non_linear_4_bytes.h"

#define W(x) iq4_nl_##x
#define BLOCK 32
#define BLOCK_BYTES 18
#define UNIT 32
#define OFFSET 128
#define MINIMA 0
#define PART_BYTES NIBBLE_BYTES
#define SCALE_BYTES (2 * GROUP_ROWS)

INLINE void numbers(const uint8_t *part, __m512i to[8]) {
    nibbles(part, to);
    look_up(NON_LINEAR_4_BYTES, to);
}

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
