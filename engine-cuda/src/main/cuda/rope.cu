/*
 * Rotary positions (Su et al. 2021, equation 34), pairs (i, i + F) of every head: the half-split layout of transformers'
 * rotate_half.
 * Grid: a thread a pair or a number that is copied, 128 a block.
 */
#include "device.cuh"

/* angles[t, i] = scale · cos(positions[t] · frequencies[i]), the sines in the second half; the product is rounded first. */
extern "C" __global__ void rope_angles(float *angles, const int *positions, const float *frequencies, int tokens, int pairs,
                                       float scale) {
    const long long at = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x;
    if (at >= static_cast<long long>(tokens) * pairs) return;
    const int t = static_cast<int>(at / pairs), i = static_cast<int>(at % pairs);
    const float angle = __fmul_rn(static_cast<float>(positions[t]), frequencies[i]);
    float *row = angles + static_cast<long long>(t) * 2 * pairs;
    row[i] = cosf(angle) * scale;
    row[pairs + i] = sinf(angle) * scale;
}

/* y may be x going forward; going back it is added to. */
extern "C" __global__ void rope(float *y, const float *x, const float *angles, int tokens, int heads, int headDim, int pairs,
                                int backward) {
    const long long at = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x;
    const int places = headDim - pairs;
    if (at >= static_cast<long long>(tokens) * heads * places) return;
    const int i = static_cast<int>(at % places);
    const long long head = at / places, t = head / heads;
    x += head * headDim;
    y += head * headDim;
    if (i >= pairs) {
        const float value = x[pairs + i];
        y[pairs + i] = backward ? y[pairs + i] + value : value;
        return;
    }
    const float cosine = angles[t * 2 * pairs + i], turn = angles[t * 2 * pairs + pairs + i];
    const float sine = backward ? -turn : turn;
    const float a = x[i], b = x[pairs + i];
    const float low = a * cosine - b * sine, high = b * cosine + a * sine;
    y[i] = backward ? y[i] + low : low;
    y[pairs + i] = backward ? y[pairs + i] + high : high;
}
