/* Columns scaled each by its own factor, and columns cut out of wider rows, with their ways back. */
#include "vec.h"

/* y[t, i] = x[t, i] · w[i], or += where adds; y may be x. Task: 16 rows. */
#define COLUMN_ROWS 16

struct scale_columns {
    float *y;
    const float *x, *w;
    int64_t rows, cols, adds;
};

EXPORT void scale_columns(const struct scale_columns *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * COLUMN_ROWS, a->rows);
    for (int64_t t = from * COLUMN_ROWS; t < end; t++) {
        float *y = a->y + t * a->cols;
        const float *x = a->x + t * a->cols;
        for (int64_t i = 0; i < a->cols; i += VL) {
            const int64_t n = smaller(VL, a->cols - i);
            const vf before = a->adds ? vload_part(y + i, n) : vzero();
            const vf product = vmul(vload_part(x + i, n), vload_part(a->w + i, n));
            vstore_part(y + i, a->adds ? vadd(before, product) : product, n);
        }
    }
}

/* dw[i] += sum over t of dy[t, i] · x[t, i], rows in order. Task: 64 columns. */
struct scale_columns_backward_w {
    float *dw;
    const float *dy, *x;
    int64_t rows, cols;
};

EXPORT void scale_columns_backward_w(const struct scale_columns_backward_w *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * 64, a->cols);
    for (int64_t i = from * 64; i < end; i += VL) {
        const int64_t n = smaller(VL, end - i);
        vf sum = vload_part(a->dw + i, n);
        for (int64_t t = 0; t < a->rows; t++) {
            sum = vfma(vload_part(a->dy + t * a->cols + i, n), vload_part(a->x + t * a->cols + i, n), sum);
        }
        vstore_part(a->dw + i, sum, n);
    }
}

/* The narrow rows' columns are columns offset to offset + narrow of the wide rows: cut out, or added to them. Task: 16 rows. */
struct columns {
    float *wide, *cut;
    int64_t rows, wide_cols, cut_cols, offset;
};

EXPORT void columns(const struct columns *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * COLUMN_ROWS, a->rows);
    for (int64_t t = from * COLUMN_ROWS; t < end; t++) {
        memcpy(a->cut + t * a->cut_cols, a->wide + t * a->wide_cols + a->offset, (size_t)a->cut_cols * sizeof(float));
    }
}

EXPORT void columns_backward(const struct columns *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * COLUMN_ROWS, a->rows);
    for (int64_t t = from * COLUMN_ROWS; t < end; t++) {
        float *wide = a->wide + t * a->wide_cols + a->offset;
        const float *cut = a->cut + t * a->cut_cols;
        for (int64_t i = 0; i < a->cut_cols; i += VL) {
            const int64_t n = smaller(VL, a->cut_cols - i);
            vstore_part(wide + i, vadd(vload_part(wide + i, n), vload_part(cut + i, n)), n);
        }
    }
}
