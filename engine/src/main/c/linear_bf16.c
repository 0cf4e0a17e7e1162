/* Projections by BF16 weights. */
#include "vec.h"

INLINE vf load_part(const uint16_t *p, int64_t n) {
    uint16_t whole[VL] = {0};
    for (int64_t i = 0; i < n; i++) whole[i] = p[i];
    return vload_bf16(whole);
}

#define W_NAME(x) bf16_##x
#define W_AT(row, k) ((row) + 2 * (k))
#define W_LOAD(row, k, s) vload_bf16((const uint16_t *)(row) + (k) + (s) * VL)
#define W_LOAD_PART(row, k, s, n) load_part((const uint16_t *)(row) + (k) + (s) * VL, n)
#include "linear.h"
