/* sums[task] = the squares of 4096 elements, added in double. */
#include "vec.h"

#define SQUARES_ELEMENTS 4096

struct sum_of_squares {
    double *sums;
    const float *x;
    int64_t count;
};

EXPORT void sum_of_squares(const struct sum_of_squares *a, int64_t from, int64_t to) {
    for (int64_t task = from; task < to; task++) {
        const int64_t end = smaller((task + 1) * SQUARES_ELEMENTS, a->count);
        vsquares sums = vsquares_zero();
        for (int64_t i = task * SQUARES_ELEMENTS; i < end; i += VL) {
            sums = vadd_squares(sums, vload_part(a->x + i, smaller(VL, end - i)));
        }
        a->sums[task] = vsquares_sum(sums);
    }
}
