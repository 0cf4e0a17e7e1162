/* y = act(gate) · up, and back; up may be null. The order of activations is Activation's. */
#include "elementary.h"

/* Elements a task takes. */
#define ACTIVATE_ELEMENTS 4096

enum { SILU, GELU, GELU_TANH, QUICK_GELU, RELU };

INLINE vf normal(vf x) {
    return vmul(vset(0.5f), vadd(vset(1.0f), verf(vmul(x, vset(0.70710678118654752f)))));
}

/* tanh-GELU is x · sigmoid(u), for ½(1 + tanh z) is sigmoid(2z). */
INLINE vf tanh_argument(vf x) {
    const vf cubed = vmul(vmul(x, x), x);
    return vmul(vset(1.5957691216057308f), vfma(vset(0.044715f), cubed, x));
}

INLINE vf value(const int kind, vf x) {
    switch (kind) {
        case SILU: return vmul(x, vsigmoid(x));
        case GELU: return vmul(x, normal(x));
        case GELU_TANH: return vmul(x, vsigmoid(tanh_argument(x)));
        case QUICK_GELU: return vmul(x, vsigmoid(vmul(vset(1.702f), x)));
        default: return vmax(vzero(), x);
    }
}

/* d/dx of x · sigmoid(u(x)), with x · u'(x) at hand. */
INLINE vf sigmoid_slope(vf u, vf x_du) {
    const vf s = vsigmoid(u);
    return vmul(s, vadd(vset(1.0f), vmul(x_du, vsub(vset(1.0f), s))));
}

INLINE vf slope(const int kind, vf x) {
    switch (kind) {
        case SILU: return sigmoid_slope(x, x);
        case GELU: {
            const vf density = vmul(vset(0.3989422804014327f), vexp(vmul(vset(-0.5f), vmul(x, x))));
            return vadd(normal(x), vmul(x, density));
        }
        case GELU_TANH: {
            const vf du = vmul(vset(1.5957691216057308f), vfma(vset(0.134145f), vmul(x, x), vset(1.0f)));
            return sigmoid_slope(tanh_argument(x), vmul(x, du));
        }
        case QUICK_GELU: {
            const vf u = vmul(vset(1.702f), x);
            return sigmoid_slope(u, u);
        }
        default: return vwhere_less(vzero(), x, vset(1.0f), vzero());
    }
}

struct activate {
    float *y;
    const float *gate, *up;
    int64_t count, kind;
};

INLINE void forward(const struct activate *a, const int kind, int64_t from, int64_t end) {
    for (int64_t i = from; i < end; i += VL) {
        const int64_t n = smaller(VL, end - i);
        vf y = value(kind, vload_part(a->gate + i, n));
        if (a->up) y = vmul(y, vload_part(a->up + i, n));
        vstore_part(a->y + i, y, n);
    }
}

struct activate_backward {
    float *d_gate, *d_up;
    const float *dy, *gate, *up;
    int64_t count, kind;
};

INLINE void backward(const struct activate_backward *a, const int kind, int64_t from, int64_t end) {
    for (int64_t i = from; i < end; i += VL) {
        const int64_t n = smaller(VL, end - i);
        const vf dy = vload_part(a->dy + i, n), x = vload_part(a->gate + i, n);
        if (a->d_up) vstore_part(a->d_up + i, vfma(dy, value(kind, x), vload_part(a->d_up + i, n)), n);
        if (a->d_gate) {
            const vf g = a->up ? vmul(dy, vload_part(a->up + i, n)) : dy;
            vstore_part(a->d_gate + i, vfma(g, slope(kind, x), vload_part(a->d_gate + i, n)), n);
        }
    }
}

#define FOR_KINDS(CALL)                                                                                                \
    switch (a->kind) {                                                                                                 \
        case SILU: CALL(SILU); break;                                                                                  \
        case GELU: CALL(GELU); break;                                                                                  \
        case GELU_TANH: CALL(GELU_TANH); break;                                                                        \
        case QUICK_GELU: CALL(QUICK_GELU); break;                                                                      \
        default: CALL(RELU);                                                                                           \
    }

EXPORT void activate(const struct activate *a, int64_t from, int64_t to) {
    const int64_t start = from * ACTIVATE_ELEMENTS, end = smaller(to * ACTIVATE_ELEMENTS, a->count);
#define CALL(KIND) forward(a, KIND, start, end)
    FOR_KINDS(CALL)
#undef CALL
}

EXPORT void activate_backward(const struct activate_backward *a, int64_t from, int64_t to) {
    const int64_t start = from * ACTIVATE_ELEMENTS, end = smaller(to * ACTIVATE_ELEMENTS, a->count);
#define CALL(KIND) backward(a, KIND, start, end)
    FOR_KINDS(CALL)
#undef CALL
}
