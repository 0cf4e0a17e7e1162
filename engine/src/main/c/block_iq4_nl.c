/* ggml block_iq4_nl: an F16 scale, then 32 4-bit numbers of a table. */
#include "block.h"

#include "non_linear_4.h"

INLINE void iq4_nl(const uint8_t *block, int part, float *to) {
    (void)part;
    non_linear_4(block + 2, half_at(block), to);
}

BLOCK_DECODER(iq4_nl, 32, 18)
