/* y = x / rms(x) · (w + offset), over groups of n; dx = r · (g - x̂ · mean(g · x̂)) with g = dy · (w + offset), r = 1 / rms. */
#include "norm.h"

struct rms_norm {
    float *y;
    const float *x, *w;
    int64_t groups, n;
    double eps, offset;
};

static float inverse_rms(const float *x, int64_t n, double eps) {
    vf squares = vzero();
    for (int64_t i = 0; i < n; i += VL) {
        const vf a = part(x, i, n);
        squares = vfma(a, a, squares);
    }
    return (float)(1.0 / sqrt((double)vsum(squares) / (double)n + eps));
}

EXPORT void rms_norm(const struct rms_norm *a, int64_t from, int64_t to) {
    const vf offset = vset((float)a->offset);
    const int64_t end = smaller(to * NORM_GROUPS, a->groups);
    for (int64_t group = from * NORM_GROUPS; group < end; group++) {
        const float *x = a->x + group * a->n;
        float *y = a->y + group * a->n;
        const vf inverse = vset(inverse_rms(x, a->n, a->eps));
        for (int64_t i = 0; i < a->n; i += VL) {
            put(y, i, a->n, vmul(vmul(part(x, i, a->n), inverse), vadd(part(a->w, i, a->n), offset)));
        }
    }
}

/* partial: [tasks, n], this task's share of dw; null where it is not wanted. */
struct rms_norm_backward {
    float *dx, *partial;
    const float *dy, *x, *w;
    int64_t groups, n;
    double eps, offset;
};

static void backward(const struct rms_norm_backward *a, int64_t group, float *dw) {
    const int64_t n = a->n;
    const float *x = a->x + group * n, *dy = a->dy + group * n;
    const vf offset = vset((float)a->offset), inverse = vset(inverse_rms(x, n, a->eps));
    vf dot = vzero();
    for (int64_t i = 0; i < n; i += VL) {
        const vf normed = vmul(part(x, i, n), inverse), g = part(dy, i, n);
        dot = vfma(vmul(g, vadd(part(a->w, i, n), offset)), normed, dot);
        if (dw) put(dw, i, n, vfma(g, normed, part(dw, i, n)));
    }
    if (!a->dx) return;
    float *dx = a->dx + group * n;
    const vf mean = vset(vsum(dot) / (float)n);
    for (int64_t i = 0; i < n; i += VL) {
        const vf normed = vmul(part(x, i, n), inverse);
        const vf g = vmul(part(dy, i, n), vadd(part(a->w, i, n), offset));
        put(dx, i, n, vadd(part(dx, i, n), vmul(inverse, vsub(g, vmul(normed, mean)))));
    }
}

EXPORT void rms_norm_backward(const struct rms_norm_backward *a, int64_t from, int64_t to) {
    for (int64_t task = from; task < to; task++) {
        float *dw = a->partial ? a->partial + task * a->n : 0;
        if (dw) memset(dw, 0, (size_t)a->n * sizeof(float));
        const int64_t end = smaller((task + 1) * NORM_GROUPS, a->groups);
        for (int64_t group = task * NORM_GROUPS; group < end; group++) backward(a, group, dw);
    }
}
