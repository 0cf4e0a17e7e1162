/*
 * y = x̂ · w + b with x̂ = (x - mean) / sqrt(variance + eps), over groups of n;
 * dx = (g - mean(g) - x̂ · mean(g · x̂)) / sqrt(variance + eps) with g = dy · w.
 */
#include "norm.h"

struct layer_norm {
    float *y;
    const float *x, *w, *b;
    int64_t groups, n;
    double eps;
};

struct moments {
    float mean, inverse;
};

static struct moments moments(const float *x, int64_t n, double eps) {
    vf sum = vzero();
    for (int64_t i = 0; i < n; i += VL) sum = vadd(sum, part(x, i, n));
    const float mean = vsum(sum) / (float)n;
    vf squares = vzero();
    for (int64_t i = 0; i < n; i += VL) {
        if (n - i >= VL) {
            const vf d = vsub(vload(x + i), vset(mean));
            squares = vfma(d, d, squares);
        } else {
            float d[VL] = {0};
            for (int64_t j = i; j < n; j++) d[j - i] = x[j] - mean;
            squares = vfma(vload(d), vload(d), squares);
        }
    }
    return (struct moments){mean, (float)(1.0 / sqrt((double)vsum(squares) / (double)n + eps))};
}

EXPORT void layer_norm(const struct layer_norm *a, int64_t from, int64_t to) {
    const int64_t n = a->n, end = smaller(to * NORM_GROUPS, a->groups);
    for (int64_t group = from * NORM_GROUPS; group < end; group++) {
        const float *x = a->x + group * n;
        const struct moments m = moments(x, n, a->eps);
        for (int64_t i = 0; i < n; i += VL) {
            const vf normed = vmul(vsub(part(x, i, n), vset(m.mean)), vset(m.inverse));
            put(a->y + group * n, i, n, vadd(vmul(normed, part(a->w, i, n)), part(a->b, i, n)));
        }
    }
}

/* dw_partial, db_partial: [tasks, n], this task's share; null where it is not wanted. */
struct layer_norm_backward {
    float *dx, *dw_partial, *db_partial;
    const float *dy, *x, *w;
    int64_t groups, n;
    double eps;
};

static void backward(const struct layer_norm_backward *a, int64_t group, float *dw, float *db) {
    const int64_t n = a->n;
    const float *x = a->x + group * n, *dy = a->dy + group * n;
    const struct moments m = moments(x, n, a->eps);
    const vf mean = vset(m.mean), inverse = vset(m.inverse);
    vf sum = vzero(), dot = vzero();
    for (int64_t i = 0; i < n; i += VL) {
        const vf normed = vmul(vsub(part(x, i, n), mean), inverse);
        const vf out = part(dy, i, n), g = vmul(out, part(a->w, i, n));
        sum = vadd(sum, g);
        dot = vfma(g, normed, dot);
        if (dw) put(dw, i, n, vfma(out, normed, part(dw, i, n)));
        if (db) put(db, i, n, vadd(out, part(db, i, n)));
    }
    if (!a->dx) return;
    float *dx = a->dx + group * n;
    const vf mean_sum = vset(vsum(sum) / (float)n), mean_dot = vset(vsum(dot) / (float)n);
    for (int64_t i = 0; i < n; i += VL) {
        const vf normed = vmul(vsub(part(x, i, n), mean), inverse);
        const vf g = vsub(vmul(part(dy, i, n), part(a->w, i, n)), mean_sum);
        put(dx, i, n, vadd(part(dx, i, n), vmul(inverse, vsub(g, vmul(normed, mean_dot)))));
    }
}

EXPORT void layer_norm_backward(const struct layer_norm_backward *a, int64_t from, int64_t to) {
    const size_t bytes = (size_t)a->n * sizeof(float);
    for (int64_t task = from; task < to; task++) {
        float *dw = a->dw_partial ? a->dw_partial + task * a->n : 0;
        float *db = a->db_partial ? a->db_partial + task * a->n : 0;
        if (dw) memset(dw, 0, bytes);
        if (db) memset(db, 0, bytes);
        const int64_t end = smaller((task + 1) * NORM_GROUPS, a->groups);
        for (int64_t group = task * NORM_GROUPS; group < end; group++) backward(a, group, dw, db);
    }
}
