/*
 * AdamW (Loshchilov and Hutter 2019, algorithm 2) as torch.optim.AdamW orders it, and the sum of squares that clipping needs.
 */
#include "reduce.cuh"

/*
 * decay = 1 - lr · weight decay, rate = lr / (1 - beta1^step), correction = 1 / sqrt(1 - beta2^step).
 * Grid: a thread an element, 256 a block.
 */
extern "C" __global__ void adamw(float *w, float *m, float *v, const float *dw, long long count, float decay, float beta1,
                                 float beta2, float rest1, float rest2, float rate, float correction, float epsilon,
                                 float scale) {
    const long long i = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x;
    if (i >= count) return;
    const float g = dw[i] * scale;
    const float first = beta1 * m[i] + rest1 * g, second = beta2 * v[i] + rest2 * g * g;
    m[i] = first;
    v[i] = second;
    w[i] = w[i] * decay - rate * first / (sqrtf(second) * correction + epsilon);
}

/* A sum in double for each 4096 elements. Grid: a block of 256 threads for each. */
extern "C" __global__ void sum_of_squares(double *sums, const float *x, long long count) {
    __shared__ double partial[32];
    const long long start = blockIdx.x * 4096LL;
    double sum = 0;
    for (int i = threadIdx.x; i < 4096; i += blockDim.x) {
        if (start + i < count) sum += static_cast<double>(x[start + i]) * static_cast<double>(x[start + i]);
    }
    sum = reduce<Sum>(sum, partial);
    if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}
