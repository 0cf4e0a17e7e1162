/*
 * Interleaved NF4 (FourBitTable.java): an F32 magnitude, then 64 numbers of a table of 16, the first of two in the upper half of
 * a byte. The table is rounded to signed bytes, so that a weight is off by up to 0.4 % of its block's magnitude: a tenth of what
 * four bits leave of it. Products are rounded to nothing, whatever dtype they were quantised from.
 */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) nf4_##x
#define BLOCK 64
#define BLOCK_BYTES 36
#define UNIT 32
#define OFFSET 128
#define MINIMA 0
#define PART_BYTES NIBBLE_BYTES
#define SCALE_BYTES (4 * GROUP_ROWS)

INLINE void numbers(const uint8_t *part, __m512i to[8]) {
    nibbles(part, to);
    look_up(_mm_setr_epi8(-127, -88, -67, -50, -36, -23, -12, 0, 10, 20, 31, 43, 56, 71, 92, 127), to);
}

INLINE void scales(const uint8_t *at, vf scale[2], vf minimum[2]) {
    (void)minimum;
    scale[0] = scale[1] = vdiv(vload((const float *)at), vset(127));
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *parts, uint8_t *at) {
    memcpy(at + 4 * row, block, 4);
    for (int p = 0; p < 2; p++) {
        const uint8_t *pairs = block + 4 + 16 * p;
        uint8_t numbers[32], bytes[16];
        for (int j = 0; j < 16; j++) numbers[2 * j] = pairs[j] >> 4, numbers[2 * j + 1] = pairs[j] & 15;
        for (int l = 0; l < 16; l++) bytes[l] = (uint8_t)(numbers[l] | numbers[l + 16] << 4);
        put_nibbles(bytes, row, parts + p * PART_BYTES);
    }
}

#include "interleaved_linear.h"

#endif
