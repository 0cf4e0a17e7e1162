/* Numbers of four and more bits, and scales, as interleaved weights keep them. */
#ifndef ORRERY_INTERLEAVED_BLOCKS_H
#define ORRERY_INTERLEAVED_BLOCKS_H

#include "interleaved.h"

#if defined(__AVX512VNNI__)

#define NIBBLE_BYTES (PART / 2 * GROUP_ROWS)
#define FIFTH_BYTES (PART / 8 * GROUP_ROWS)
#define FIFTEEN _mm512_set1_epi8(15)

INLINE __m512i load_numbers(const uint8_t *at) { return _mm512_loadu_si512(at); }

/* Columns 0 to 15 of a part are the lower halves of its bytes, 16 to 31 the upper ones. */
INLINE void nibbles(const uint8_t *part, __m512i to[8]) {
    UNROLL for (int q = 0; q < 4; q++) {
        const __m512i both = load_numbers(part + q * 64);
        to[q] = _mm512_and_si512(both, FIFTEEN);
        to[q + 4] = _mm512_and_si512(_mm512_srli_epi16(both, 4), FIFTEEN);
    }
}

/* A row's 16 bytes of nibbles of a part. */
INLINE void put_nibbles(const uint8_t *bytes, int row, uint8_t *part) {
    for (int q = 0; q < 4; q++) memcpy(part + q * 64 + row * 4, bytes + 4 * q, 4);
}

/* a, and the bits of b that mask has. */
INLINE __m512i with_bits(__m512i a, __m512i b, __m512i mask) { return _mm512_ternarylogic_epi32(b, mask, a, 0xea); }

/* Fifth bits lie behind the nibbles, in each byte those of its place in the eight registers. */
INLINE void fifths(const uint8_t *part, __m512i to[8]) {
    const __m512i bits = load_numbers(part + NIBBLE_BYTES), sixteen = _mm512_set1_epi8(16);
    UNROLL for (int j = 0; j < 4; j++) to[j] = with_bits(to[j], _mm512_slli_epi16(bits, 4 - j), sixteen);
    UNROLL for (int j = 4; j < 8; j++) to[j] = with_bits(to[j], _mm512_srli_epi16(bits, j - 4), sixteen);
}

/* A row's 32 fifth bits of a part. */
INLINE void put_fifths(uint32_t bits, int row, uint8_t *part) {
    for (int i = 0; i < 4; i++) {
        uint32_t byte = 0;
        for (int j = 0; j < 8; j++) byte |= (bits >> (4 * j + i) & 1) << j;
        part[NIBBLE_BYTES + row * 4 + i] = (uint8_t)byte;
    }
}

INLINE vf halves(const uint8_t *at) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)at)); }
INLINE vf bytes_as_float(__m128i bytes) { return as_float(_mm512_cvtepu8_epi32(bytes)); }
INLINE vf signed_as_float(const uint8_t *at) {
    return as_float(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)at)));
}
INLINE void put_half(const uint8_t *half, int row, uint8_t *at) { memcpy(at + 2 * row, half, 2); }

/* Values of a table of signed bytes, made unsigned by 128. */
INLINE void look_up(__m128i table, __m512i to[8]) {
    const __m512i values = _mm512_xor_si512(_mm512_broadcast_i32x4(table), _mm512_set1_epi8((char)0x80));
    UNROLL for (int j = 0; j < 8; j++) to[j] = _mm512_shuffle_epi8(values, to[j]);
}

#define SIX_BIT_BYTES (12 * GROUP_ROWS + 4 * GROUP_ROWS)

/* Q4_K's and Q5_K's scales: their twelve bytes, a vector each, then what they and the minima are multiplied by. */
INLINE void six_bit_scales(const uint8_t *at, vf scales[8], vf minima[8]) {
    __m128i s[12];
    UNROLL for (int i = 0; i < 12; i++) s[i] = _mm_loadu_si128((const __m128i *)(at + 16 * i));
    const vf d = halves(at + 12 * GROUP_ROWS), m = halves(at + 14 * GROUP_ROWS);
    const __m128i six = _mm_set1_epi8(63), four = _mm_set1_epi8(15), upper = _mm_set1_epi8(48);
    UNROLL for (int j = 0; j < 4; j++) {
        scales[j] = vmul(d, bytes_as_float(_mm_and_si128(s[j], six)));
        minima[j] = vmul(m, bytes_as_float(_mm_and_si128(s[j + 4], six)));
        const __m128i scale_high = _mm_and_si128(_mm_srli_epi16(s[j], 2), upper);
        const __m128i minimum_high = _mm_and_si128(_mm_srli_epi16(s[j + 4], 2), upper);
        const __m128i scale_low = _mm_and_si128(s[j + 8], four);
        const __m128i minimum_low = _mm_and_si128(_mm_srli_epi16(s[j + 8], 4), four);
        scales[j + 4] = vmul(d, bytes_as_float(_mm_or_si128(scale_low, scale_high)));
        minima[j + 4] = vmul(m, bytes_as_float(_mm_or_si128(minimum_low, minimum_high)));
    }
}

INLINE void put_six_bit_scales(const uint8_t *block, int row, uint8_t *at) {
    for (int i = 0; i < 12; i++) at[16 * i + row] = block[4 + i];
    put_half(block, row, at + 12 * GROUP_ROWS);
    put_half(block + 2, row, at + 14 * GROUP_ROWS);
}

/* Two parts' nibbles as Q4_K and Q5_K have them, the first in the lower halves of 32 bytes, to those of each. */
INLINE void put_pair(const uint8_t *bytes, int row, uint8_t *first, uint8_t *second) {
    uint8_t low[16], high[16];
    for (int l = 0; l < 16; l++) {
        low[l] = (uint8_t)((bytes[l] & 15) | bytes[l + 16] << 4);
        high[l] = (uint8_t)(bytes[l] >> 4 | (bytes[l + 16] & 0xf0));
    }
    put_nibbles(low, row, first);
    put_nibbles(high, row, second);
}

#endif
#endif
