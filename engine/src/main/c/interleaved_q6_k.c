/* Interleaved Q6_K (ggml block_q6_K): 6-bit numbers less 32, 16 signed scales of 16 columns each, then their F16 scale. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) q6_k_##x
#define BLOCK 256
#define BLOCK_BYTES 210
#define UNIT 16
#define OFFSET 32
#define MINIMA 0
#define PART_BYTES (NIBBLE_BYTES + PART / 4 * GROUP_ROWS)
/* The last two of twenty vectors of bytes are nothing: what follows begins at a cache line. */
#define SCALE_BYTES (20 * GROUP_ROWS)

/* Upper two bits lie behind the nibbles, those of four registers in one. */
INLINE void numbers(const uint8_t *part, __m512i to[8]) {
    nibbles(part, to);
    const __m512i upper = _mm512_set1_epi8(48);
    UNROLL for (int q = 0; q < 2; q++) {
        const __m512i two = load_numbers(part + NIBBLE_BYTES + q * 64);
        to[4 * q] = with_bits(to[4 * q], _mm512_slli_epi16(two, 4), upper);
        to[4 * q + 1] = with_bits(to[4 * q + 1], _mm512_slli_epi16(two, 2), upper);
        to[4 * q + 2] = with_bits(to[4 * q + 2], two, upper);
        to[4 * q + 3] = with_bits(to[4 * q + 3], _mm512_srli_epi16(two, 2), upper);
    }
}

INLINE void scales(const uint8_t *at, vf scale[16], vf minimum[16]) {
    (void)minimum;
    const vf d = halves(at + 16 * GROUP_ROWS);
    UNROLL for (int j = 0; j < 16; j++) scale[j] = vmul(d, signed_as_float(at + j * GROUP_ROWS));
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *parts, uint8_t *at) {
    for (int j = 0; j < 16; j++) at[j * GROUP_ROWS + row] = block[192 + j];
    put_half(block + 208, row, at + 16 * GROUP_ROWS);
    for (int p = 0; p < 8; p++, parts += PART_BYTES) {
        const int half = p / 4, quarter = p % 4;
        const uint8_t *lower = block + 64 * half + 32 * (quarter % 2), *upper = block + 128 + 32 * half;
        const int shift = 4 * (quarter / 2);
        uint8_t four[16];
        for (int l = 0; l < 16; l++) four[l] = (uint8_t)((lower[l] >> shift & 15) | (lower[l + 16] >> shift & 15) << 4);
        put_nibbles(four, row, parts);
        for (int q = 0; q < 2; q++) {
            uint8_t *two = parts + NIBBLE_BYTES + q * 64 + row * 4;
            for (int i = 0; i < 4; i++) {
                const uint8_t *of = upper + 16 * q + i;
                const int s = 2 * quarter;
                two[i] = (uint8_t)((of[0] >> s & 3) | (of[4] >> s & 3) << 2 | (of[8] >> s & 3) << 4 | (of[12] >> s & 3) << 6);
            }
        }
    }
}

#include "interleaved_linear.h"

#endif
