/* losses[t] = log of the sum of e^logits less the target's logit; dLogits = scale · (softmax - onehot). Task: 8 rows. */
#include "elementary.h"

#define CROSS_ENTROPY_ROWS 8
#define IGNORED -100

/* d_logits may be logits, or null. */
struct cross_entropy {
    float *losses, *d_logits;
    const float *logits;
    const int32_t *targets;
    int64_t rows, cols;
    double scale;
};

INLINE vf part(const float *p, int64_t i, int64_t n) {
    return n - i >= VL ? vload(p + i) : vload_part(p + i, n - i);
}

static float greatest(const float *x, int64_t n) {
    vf most = vset(-INFINITY);
    int64_t i = 0;
    for (; i + VL <= n; i += VL) most = vmax(vload(x + i), most);
    for (; i < n; i++) most = vmax(vset(x[i]), most);
    return vgreatest(most);
}

/* The sum of e^(x - max), which are kept in y where it is given. */
static float exponentials(const float *x, float *y, int64_t n, float max) {
    vf sum = vzero();
    for (int64_t i = 0; i < n; i += VL) {
        vf e = vexp(vsub(part(x, i, n), vset(max)));
        if (n - i < VL) {
            float lanes[VL] = {0};
            vstore_part(lanes, e, n - i);
            e = vload(lanes);
        }
        if (y) vstore_part(y + i, e, smaller(VL, n - i));
        sum = vadd(sum, e);
    }
    return vsum(sum);
}

static void row(const struct cross_entropy *a, int64_t t) {
    const int64_t n = a->cols;
    const int32_t target = a->targets[t];
    const float *x = a->logits + t * n;
    float *d = a->d_logits ? a->d_logits + t * n : 0;
    if (target == IGNORED) {
        a->losses[t] = 0;
        if (d) memset(d, 0, (size_t)n * sizeof(float));
        return;
    }
    const float max = greatest(x, n), right = x[target];
    const float sum = exponentials(x, d, n, max);
    a->losses[t] = (float)(log((double)sum) + ((double)max - (double)right));
    if (!d) return;
    const vf factor = vset((float)(a->scale / (double)sum));
    for (int64_t i = 0; i < n; i += VL) vstore_part(d + i, vmul(part(d, i, n), factor), smaller(VL, n - i));
    /* From the loss itself, where softmax is so close to one that the difference would cancel. */
    d[target] = (float)(a->scale * expm1((double)right - (double)max - log((double)sum)));
}

EXPORT void cross_entropy(const struct cross_entropy *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * CROSS_ENTROPY_ROWS, a->rows);
    for (int64_t t = from * CROSS_ENTROPY_ROWS; t < end; t++) row(a, t);
}
