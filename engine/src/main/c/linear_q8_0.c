/* Projections by Q8_0 weights (ggml block_q8_0: an F16 scale, then 32 signed bytes), decoded to F32 exactly. */
#include "vec.h"

#define BLOCK 32
#define BLOCK_BYTES 34

INLINE vf load(const char *row, int64_t k) {
    const char *block = row + k / BLOCK * BLOCK_BYTES;
    uint16_t scale;
    memcpy(&scale, block, 2);
    return vmul(vset(half_to_float(scale)), vload_i8((const int8_t *)block + 2 + k % BLOCK));
}

#define W_NAME(x) q8_0_##x
#define W_AT(row, k) ((row) + (k) / BLOCK * BLOCK_BYTES)
#define W_LOAD(row, k) load(row, k)
/* Rows are whole blocks, so that no vector is cut. */
#define W_LOAD_PART(row, k, n) load(row, k)
#include "linear.h"
