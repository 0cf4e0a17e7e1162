/* Interleaved INT4 (INT4Codec.java: GPTQ and AWQ): an F16 scale, a zero point, then 32 4-bit numbers less that. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) int4_##x
#define BLOCK 32
#define BLOCK_BYTES 19
#define UNIT 32
#define OFFSET 0
#define MINIMA 1
#define PART_BYTES NIBBLE_BYTES
#define SCALE_BYTES (3 * GROUP_ROWS)

INLINE void numbers(const uint8_t *part, __m512i to[8]) { nibbles(part, to); }

INLINE void scales(const uint8_t *at, vf scale[1], vf minimum[1]) {
    scale[0] = halves(at);
    minimum[0] = vmul(scale[0], bytes_as_float(_mm_loadu_si128((const __m128i *)(at + 2 * GROUP_ROWS))));
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *part, uint8_t *at) {
    put_half(block, row, at);
    at[2 * GROUP_ROWS + row] = block[2];
    put_nibbles(block + 3, row, part);
}

#include "interleaved_linear.h"

#endif
