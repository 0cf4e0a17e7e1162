/*
 * y[t, i] = x[t, i] · w[i], and its backward.
 * Grid: x covers the columns, 128 a block; y the rows (forward, and backward to x).
 */
#include "device.cuh"

/* y may be x. */
extern "C" __global__ void scale_columns(float *y, const float *x, const float *w, int count, int cols) {
    const int c = blockIdx.x * blockDim.x + threadIdx.x;
    if (c >= cols) return;
    for (int t = blockIdx.y; t < count; t += gridDim.y) {
        const long long at = static_cast<long long>(t) * cols + c;
        y[at] = x[at] * w[c];
    }
}

/* dx[t, i] += dy[t, i] · w[i]. */
extern "C" __global__ void scale_columns_backward_x(float *dx, const float *dy, const float *w, int count, int cols) {
    const int c = blockIdx.x * blockDim.x + threadIdx.x;
    if (c >= cols) return;
    for (int t = blockIdx.y; t < count; t += gridDim.y) {
        const long long at = static_cast<long long>(t) * cols + c;
        dx[at] = fmaf(dy[at], w[c], dx[at]);
    }
}

/* dw[i] += sum over t of dy[t, i] · x[t, i], in order of t. */
extern "C" __global__ void scale_columns_backward_w(float *dw, const float *dy, const float *x, int count, int cols) {
    const int c = blockIdx.x * blockDim.x + threadIdx.x;
    if (c >= cols) return;
    float sum = 0;
    for (int t = 0; t < count; t++) {
        const long long at = static_cast<long long>(t) * cols + c;
        sum = fmaf(dy[at], x[at], sum);
    }
    dw[c] += sum;
}
