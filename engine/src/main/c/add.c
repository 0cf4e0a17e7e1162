/* y += scale · x, and rows of x added to chosen rows of y. */
#include "vec.h"

#define ADD_ELEMENTS 4096

struct add {
    float *y;
    const float *x;
    int64_t count;
    double scale;
};

EXPORT void add(const struct add *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * ADD_ELEMENTS, a->count);
    const vf scale = vset((float)a->scale);
    for (int64_t i = from * ADD_ELEMENTS; i < end; i += VL) {
        const int64_t n = smaller(VL, end - i);
        vstore_part(a->y + i, vfma(scale, vload_part(a->x + i, n), vload_part(a->y + i, n)), n);
    }
}

/* Task: 64 columns of every row, so that rows that repeat are added in order. */
struct scatter_add {
    float *y;
    const float *x;
    const int32_t *rows;
    int64_t count, cols;
};

EXPORT void scatter_add(const struct scatter_add *a, int64_t from, int64_t to) {
    const int64_t start = from * 64, end = smaller(to * 64, a->cols);
    for (int64_t t = 0; t < a->count; t++) {
        float *y = a->y + a->rows[t] * a->cols;
        const float *x = a->x + t * a->cols;
        for (int64_t c = start; c < end; c += VL) {
            const int64_t n = smaller(VL, end - c);
            vstore_part(y + c, vadd(vload_part(y + c, n), vload_part(x + c, n)), n);
        }
    }
}
