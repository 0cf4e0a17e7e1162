/*
 * AdamW (Loshchilov and Hutter 2019, algorithm 2) in the order of torch.optim.AdamW: w is decayed, then moved by
 * rate1 · m / (sqrt(v) · root + eps), where rate1 = lr / (1 - beta1^t) and root = 1 / sqrt(1 - beta2^t).
 */
#include "vec.h"

#define ADAMW_ELEMENTS 4096

struct adamw {
    float *w, *m, *v;
    const float *dw;
    int64_t count;
    double decay, beta1, beta2, rate1, root, eps, gradient_scale;
};

EXPORT void adamw(const struct adamw *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * ADAMW_ELEMENTS, a->count);
    const vf beta1 = vset((float)a->beta1), rest1 = vset((float)(1 - a->beta1));
    const vf beta2 = vset((float)a->beta2), rest2 = vset((float)(1 - a->beta2));
    const vf scale = vset((float)a->gradient_scale), decay = vset((float)a->decay);
    const vf rate = vset((float)a->rate1), root = vset((float)a->root), eps = vset((float)a->eps);
    for (int64_t i = from * ADAMW_ELEMENTS; i < end; i += VL) {
        const int64_t n = smaller(VL, end - i);
        const vf g = vmul(vload_part(a->dw + i, n), scale);
        const vf m = vfma(rest1, g, vmul(beta1, vload_part(a->m + i, n)));
        const vf v = vfma(vmul(rest2, g), g, vmul(beta2, vload_part(a->v + i, n)));
        const vf step = vdiv(vmul(rate, m), vfma(vsqrt(v), root, eps));
        vstore_part(a->m + i, m, n);
        vstore_part(a->v + i, v, n);
        vstore_part(a->w + i, vsub(vmul(vload_part(a->w + i, n), decay), step), n);
    }
}
