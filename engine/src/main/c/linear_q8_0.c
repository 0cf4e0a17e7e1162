/* Projections by Q8_0 weights (ggml block_q8_0: an F16 scale, then 32 signed bytes), decoded to F32 exactly. */
#include "vec.h"

#define BLOCK 32
#define BLOCK_BYTES 34

INLINE vf load(const char *block, int part) {
    return vmul(vset_f16(block), vload_i8((const int8_t *)block + 2 + part * VL));
}

#define W_NAME(x) q8_0_##x
#define W_AT(row, k) ((row) + (k) / BLOCK * BLOCK_BYTES)
#define W_LOAD(row, k, s) load(W_AT(row, k), s)
/* Rows are whole blocks, so that no vector is cut. */
#define W_LOAD_PART(row, k, s, n) load(W_AT(row, k), s)
#include "linear.h"
