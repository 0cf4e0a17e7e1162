/* Interleaved Q5_K (ggml block_q5_K): as Q4_K, with fifth bits before the numbers, a bit a part. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) q5_k_##x
#define BLOCK 256
#define BLOCK_BYTES 176
#define UNIT 32
#define OFFSET 0
#define MINIMA 1
#define PART_BYTES (NIBBLE_BYTES + FIFTH_BYTES)
#define SCALE_BYTES SIX_BIT_BYTES

INLINE void numbers(const uint8_t *part, __m512i to[8]) {
    nibbles(part, to);
    fifths(part, to);
}

INLINE void scales(const uint8_t *at, vf scale[8], vf minimum[8]) { six_bit_scales(at, scale, minimum); }

INLINE void pack_block(const uint8_t *block, int row, uint8_t *parts, uint8_t *at) {
    put_six_bit_scales(block, row, at);
    const __m256i fifth = _mm256_loadu_si256((const __m256i *)(block + 16));
    for (int pair = 0; pair < 4; pair++) {
        uint8_t *first = parts + 2 * pair * PART_BYTES;
        put_pair(block + 48 + 32 * pair, row, first, first + PART_BYTES);
    }
    for (int p = 0; p < 8; p++) {
        const uint32_t bits = (uint32_t)_mm256_test_epi8_mask(fifth, _mm256_set1_epi8((char)(1 << p)));
        put_fifths(bits, row, parts + p * PART_BYTES);
    }
}

#include "interleaved_linear.h"

#endif
