/*
 * RMSNorm (Zhang and Sennrich 2019, equation 4) and LayerNorm (Ba et al. 2016, equation 4) over groups of `width` numbers:
 * whole rows, or heads of rows.
 * Grid: a block a group; its threads, a number that depends on the width alone, stride over it. Backwards by the weights: a
 * thread a column, 128 a block, groups in order; `statistics` are those that the backward by the input left.
 */
#include "reduce.cuh"

__device__ __forceinline__ float inverse_rms(const float *x, int width, float eps, float *partial) {
    float squares = 0;
    /* several loads on their way: one row is as slow as its latencies */
#pragma unroll 8
    for (int i = threadIdx.x; i < width; i += blockDim.x) squares = fmaf(x[i], x[i], squares);
    squares = reduce<Sum>(squares, partial);
    return 1 / sqrtf(squares / width + eps);
}

/* y = x / rms(x) · (w + offset). */
extern "C" __global__ void rms_norm(float *__restrict__ y, const float *__restrict__ x, const float *__restrict__ w, int width, float eps, float offset) {
    __shared__ float partial[32];
    x += static_cast<long long>(blockIdx.x) * width;
    y += static_cast<long long>(blockIdx.x) * width;
    const float inverse = inverse_rms(x, width, eps, partial);
#pragma unroll 4
    for (int i = threadIdx.x; i < width; i += blockDim.x) y[i] = x[i] * inverse * (w[i] + offset);
}

/* dx may be null: then only the statistics are left, 1 / rms(x) for each group. */
extern "C" __global__ void rms_norm_backward_x(float *dx, float *statistics, const float *dy, const float *x, const float *w,
                                               int width, float eps, float offset) {
    __shared__ float partial[32];
    const long long start = static_cast<long long>(blockIdx.x) * width;
    x += start;
    dy += start;
    const float inverse = inverse_rms(x, width, eps, partial);
    if (threadIdx.x == 0) statistics[blockIdx.x] = inverse;
    if (dx == nullptr) return;
    dx += start;
    float dot = 0;
    for (int i = threadIdx.x; i < width; i += blockDim.x) dot = fmaf(dy[i] * (w[i] + offset), x[i] * inverse, dot);
    dot = reduce<Sum>(dot, partial) / width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        dx[i] += inverse * (dy[i] * (w[i] + offset) - x[i] * inverse * dot);
    }
}

extern "C" __global__ void rms_norm_backward_w(float *dw, const float *statistics, const float *dy, const float *x, int groups,
                                               int width) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= width) return;
    float sum = 0;
    for (int group = 0; group < groups; group++) {
        const long long at = static_cast<long long>(group) * width + i;
        sum = fmaf(dy[at], x[at] * statistics[group], sum);
    }
    dw[i] += sum;
}

struct Spread {
    float mean, inverse;
};

__device__ __forceinline__ Spread spread(const float *x, int width, float eps, float *partial) {
    float sum = 0;
    for (int i = threadIdx.x; i < width; i += blockDim.x) sum += x[i];
    const float mean = reduce<Sum>(sum, partial) / width;
    float squares = 0;
    for (int i = threadIdx.x; i < width; i += blockDim.x) squares = fmaf(x[i] - mean, x[i] - mean, squares);
    squares = reduce<Sum>(squares, partial);
    return {mean, 1 / sqrtf(squares / width + eps)};
}

/* y = (x - mean) / sqrt(variance + eps) · w + b. */
extern "C" __global__ void layer_norm(float *y, const float *x, const float *w, const float *b, int width, float eps) {
    __shared__ float partial[32];
    x += static_cast<long long>(blockIdx.x) * width;
    y += static_cast<long long>(blockIdx.x) * width;
    const Spread of = spread(x, width, eps, partial);
    for (int i = threadIdx.x; i < width; i += blockDim.x) y[i] = fmaf((x[i] - of.mean) * of.inverse, w[i], b[i]);
}

/* dx may be null: then only the statistics are left, mean and inverse deviation of each group. */
extern "C" __global__ void layer_norm_backward_x(float *dx, float *statistics, const float *dy, const float *x,
                                                 const float *w, int width, float eps) {
    __shared__ float partial[32];
    const long long start = static_cast<long long>(blockIdx.x) * width;
    x += start;
    dy += start;
    const Spread of = spread(x, width, eps, partial);
    if (threadIdx.x == 0) {
        statistics[2 * blockIdx.x] = of.mean;
        statistics[2 * blockIdx.x + 1] = of.inverse;
    }
    if (dx == nullptr) return;
    dx += start;
    float sum = 0, dot = 0;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        const float g = dy[i] * w[i];
        sum += g;
        dot = fmaf(g, (x[i] - of.mean) * of.inverse, dot);
    }
    sum = reduce<Sum>(sum, partial) / width;
    dot = reduce<Sum>(dot, partial) / width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        dx[i] += of.inverse * (dy[i] * w[i] - sum - (x[i] - of.mean) * of.inverse * dot);
    }
}

/* dw and db may be null. */
extern "C" __global__ void layer_norm_backward_w(float *dw, float *db, const float *statistics, const float *dy,
                                                 const float *x, int groups, int width) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= width) return;
    float weight = 0, bias = 0;
    for (int group = 0; group < groups; group++) {
        const long long at = static_cast<long long>(group) * width + i;
        weight = fmaf(dy[at], (x[at] - statistics[2 * group]) * statistics[2 * group + 1], weight);
        bias += dy[at];
    }
    if (dw != nullptr) dw[i] += weight;
    if (db != nullptr) db[i] += bias;
}
