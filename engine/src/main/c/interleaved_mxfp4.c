/* Interleaved MXFP4 (ggml block_mxfp4): a power of two, then 32 4-bit floating-point numbers, here twice their value. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) mxfp4_##x
#define BLOCK 32
#define BLOCK_BYTES 17
#define UNIT 32
#define OFFSET 128
#define MINIMA 0
#define PART_BYTES NIBBLE_BYTES
#define SCALE_BYTES GROUP_ROWS

INLINE void numbers(const uint8_t *part, __m512i to[8]) {
    nibbles(part, to);
    look_up(_mm_setr_epi8(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12), to);
}

/* Half of the power, 2^(e - 128), which is no normal number for 0 and 1. */
INLINE void scales(const uint8_t *at, vf scale[1], vf minimum[1]) {
    (void)minimum;
    const __m512i e = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)at)), one = _mm512_set1_epi32(1);
    const __m512i normal = _mm512_slli_epi32(_mm512_sub_epi32(e, one), 23);
    const __m512i small = _mm512_sllv_epi32(_mm512_set1_epi32(0x00200000), e);
    scale[0] = _mm512_castsi512_ps(_mm512_mask_mov_epi32(small, _mm512_cmpgt_epi32_mask(e, one), normal));
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *part, uint8_t *at) {
    at[row] = block[0];
    put_nibbles(block + 1, row, part);
}

#include "interleaved_linear.h"

#endif
