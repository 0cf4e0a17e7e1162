/* Interleaved Q4_K (ggml block_q4_K): two F16 numbers, 6-bit scales and minima of eight parts, then 4-bit numbers. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) q4_k_##x
#define BLOCK 256
#define BLOCK_BYTES 144
#define UNIT 32
#define OFFSET 0
#define MINIMA 1
#define PART_BYTES NIBBLE_BYTES
#define SCALE_BYTES SIX_BIT_BYTES

INLINE void numbers(const uint8_t *part, __m512i to[8]) { nibbles(part, to); }

INLINE void scales(const uint8_t *at, vf scale[8], vf minimum[8]) { six_bit_scales(at, scale, minimum); }

INLINE void pack_block(const uint8_t *block, int row, uint8_t *parts, uint8_t *at) {
    put_six_bit_scales(block, row, at);
    for (int pair = 0; pair < 4; pair++) {
        uint8_t *first = parts + 2 * pair * PART_BYTES;
        put_pair(block + 16 + 32 * pair, row, first, first + PART_BYTES);
    }
}

#include "interleaved_linear.h"

#endif
