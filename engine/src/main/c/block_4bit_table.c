/*
 * bitsandbytes weights: an F32 magnitude, then 64 indices into a table of 16 values, the upper half of a byte first; each product
 * is rounded to F32, F16 or BF16, ties to even.
 */
#include "block.h"

static const float NF4[16] = {-1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
                              -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0.0f,
                              0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
                              0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f};
static const float FP4[16] = {0.0f, 0.0052083333f, 0.66666667f, 1.0f, 0.33333333f, 0.5f, 0.16666667f, 0.25f,
                              -0.0f, -0.0052083333f, -0.66666667f, -1.0f, -0.33333333f, -0.5f, -0.16666667f, -0.25f};

INLINE float round_f32(float value) { return value; }

INLINE float round_bf16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    const int is_nan = (bits & 0x7fffffff) > 0x7f800000;
    bits = is_nan ? 0x7fc00000 : (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
    memcpy(&value, &bits, 4);
    return value;
}

/* By adding a number whose last bit is F16's: exact for normal and subnormal ones; what overflows becomes infinite. */
INLINE float round_f16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    const uint32_t exponent = bits >> 23 & 0xff;
    /* From 2^16 on; the number to add would itself overflow further up. */
    if (exponent >= 127 + 16) return exponent == 0xff ? value : copysignf(INFINITY, value);
    const uint32_t last = exponent < 113 ? 113 : exponent;
    const uint32_t magic_bits = (last + 13) << 23 | (bits & 0x80000000);
    float magic;
    memcpy(&magic, &magic_bits, 4);
    volatile float sum = value + magic;
    const float rounded = sum - magic;
    return fabsf(rounded) > 65504.0f ? copysignf(INFINITY, value) : copysignf(rounded, value);
}

#define TABLE(NAME, VALUES, ROUND)                                                                                     \
    INLINE void NAME(const uint8_t *block, int part, float *to) {                                                      \
        float magnitude;                                                                                               \
        memcpy(&magnitude, block, 4);                                                                                  \
        const uint8_t *numbers = block + 4 + 16 * part;                                                                \
        for (int j = 0; j < 16; j++) {                                                                                 \
            to[2 * j] = ROUND(VALUES[numbers[j] >> 4] * magnitude);                                                    \
            to[2 * j + 1] = ROUND(VALUES[numbers[j] & 15] * magnitude);                                                \
        }                                                                                                              \
    }                                                                                                                  \
    BLOCK_DECODER(NAME, 64, 36)

TABLE(nf4, NF4, round_f32)
TABLE(nf4_f16, NF4, round_f16)
TABLE(nf4_bf16, NF4, round_bf16)
TABLE(fp4, FP4, round_f32)
TABLE(fp4_f16, FP4, round_f16)
TABLE(fp4_bf16, FP4, round_bf16)
