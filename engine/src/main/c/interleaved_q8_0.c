/* Interleaved Q8_0 (ggml block_q8_0): an F16 scale, then 32 signed bytes, here made unsigned. */
#include "interleaved_blocks.h"

#if defined(__AVX512VNNI__)

#define W(x) q8_0_##x
#define BLOCK 32
#define BLOCK_BYTES 34
#define UNIT 32
#define OFFSET 128
#define MINIMA 0
#define PART_BYTES (PART * GROUP_ROWS)
#define SCALE_BYTES (2 * GROUP_ROWS)

INLINE void numbers(const uint8_t *part, __m512i to[8]) {
    UNROLL for (int j = 0; j < 8; j++) to[j] = load_numbers(part + j * 64);
}

INLINE void scales(const uint8_t *at, vf scale[1], vf minimum[1]) {
    (void)minimum;
    scale[0] = halves(at);
}

INLINE void pack_block(const uint8_t *block, int row, uint8_t *part, uint8_t *at) {
    put_half(block, row, at);
    for (int j = 0; j < 8; j++) {
        uint32_t four;
        memcpy(&four, block + 2 + 4 * j, 4);
        four ^= 0x80808080u;
        memcpy(part + j * 64 + row * 4, &four, 4);
    }
}

#include "interleaved_linear.h"

#endif
