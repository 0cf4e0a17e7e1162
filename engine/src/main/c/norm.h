/* What the norms share: sums over a group of n numbers in an order fixed by n. */
#ifndef ORRERY_NORM_H
#define ORRERY_NORM_H

#include "vec.h"

/* Groups a task takes; the backward keeps one row of partial weight gradients a task. */
#define NORM_GROUPS 32

INLINE vf part(const float *p, int64_t i, int64_t n) {
    return n - i >= VL ? vload(p + i) : vload_part(p + i, n - i);
}

INLINE void put(float *p, int64_t i, int64_t n, vf a) {
    if (n - i >= VL) vstore(p + i, a);
    else vstore_part(p + i, a, n - i);
}

#endif
