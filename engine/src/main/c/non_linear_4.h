/* The 16 values of IQ4_NL and IQ4_XS: ggml kvalues_iq4nl. */
#include "block.h"

static const float NON_LINEAR_4[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

INLINE void non_linear_4(const uint8_t *numbers, float d, float *to) {
    for (int j = 0; j < 16; j++) {
        to[j] = d * NON_LINEAR_4[numbers[j] & 15];
        to[j + 16] = d * NON_LINEAR_4[numbers[j] >> 4];
    }
}
