/* Rotary positions, pairs (i, i + F) of every head; see Ops.rope and Ops.ropeAngles. */
#define _GNU_SOURCE
#include "vec.h"

/* Tokens a task takes. */
#define ROPE_TOKENS 16

struct rope_angles {
    float *angles;
    const int32_t *positions;
    const float *inverse_frequencies;
    int64_t tokens, pairs;
    double scale;
};

EXPORT void rope_angles(const struct rope_angles *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * ROPE_TOKENS, a->tokens);
    for (int64_t t = from * ROPE_TOKENS; t < end; t++) {
        float *cosines = a->angles + t * 2 * a->pairs, *sines = cosines + a->pairs;
        for (int64_t i = 0; i < a->pairs; i++) {
            const float angle = (float)a->positions[t] * a->inverse_frequencies[i];
            cosines[i] = (float)(cos((double)angle) * a->scale);
            sines[i] = (float)(sin((double)angle) * a->scale);
        }
    }
}

/* y may be x going forward; going back it is added to. */
struct rope {
    float *y;
    const float *x, *angles;
    int64_t tokens, heads, dim, pairs, backward;
};

INLINE void rotate(float *y, const float *x, const float *cosines, int64_t pairs, int64_t dim, const int backward) {
    for (int64_t i = 0; i < pairs; i += VL) {
        const int64_t n = smaller(VL, pairs - i);
        const int whole = n == VL;
        const vf c = whole ? vload(cosines + i) : vload_part(cosines + i, n);
        const vf turn = whole ? vload(cosines + pairs + i) : vload_part(cosines + pairs + i, n);
        const vf s = backward ? vneg(turn) : turn;
        const vf a = whole ? vload(x + i) : vload_part(x + i, n);
        const vf b = whole ? vload(x + pairs + i) : vload_part(x + pairs + i, n);
        vf low = vsub(vmul(a, c), vmul(b, s)), high = vadd(vmul(b, c), vmul(a, s));
        if (backward) {
            low = vadd(low, vload_part(y + i, n));
            high = vadd(high, vload_part(y + pairs + i, n));
        }
        vstore_part(y + i, low, n);
        vstore_part(y + pairs + i, high, n);
    }
    for (int64_t i = 2 * pairs; i < dim; i++) y[i] = backward ? y[i] + x[i] : x[i];
}

EXPORT void rope(const struct rope *a, int64_t from, int64_t to) {
    const int64_t end = smaller(to * ROPE_TOKENS, a->tokens);
    for (int64_t t = from * ROPE_TOKENS; t < end; t++) {
        const float *cosines = a->angles + t * 2 * a->pairs;
        for (int64_t head = 0; head < a->heads; head++) {
            const int64_t at = (t * a->heads + head) * a->dim;
            if (a->backward) rotate(a->y + at, a->x + at, cosines, a->pairs, a->dim, 1);
            else rotate(a->y + at, a->x + at, cosines, a->pairs, a->dim, 0);
        }
    }
}
