/*
 * losses[t] = -log softmax(logits[t])[targets[t]], 0 where the target is negative; dLogits = scale · (softmax - one-hot).
 * Grid: a block of 256 threads a row. dLogits may be null, or the logits themselves.
 */
#include "reduce.cuh"

extern "C" __global__ void cross_entropy(float *losses, float *dLogits, const float *logits, const int *targets, int classes,
                                         float scale) {
    __shared__ float partial[32];
    const long long start = static_cast<long long>(blockIdx.x) * classes;
    const float *row = logits + start;
    const int target = targets[blockIdx.x];
    const bool ignored = target < 0;
    float most = -INFINITY;
    for (int c = threadIdx.x; c < classes; c += blockDim.x) most = fmaxf(most, row[c]);
    most = reduce<Maximum>(most, partial);
    float sum = 0;
    for (int c = threadIdx.x; c < classes; c += blockDim.x) sum += expf(row[c] - most);
    sum = reduce<Sum>(sum, partial);
    if (threadIdx.x == 0) losses[blockIdx.x] = ignored ? 0 : most - row[target] + logf(sum);
    if (dLogits == nullptr) return;
    /* the target's logit is read before it is overwritten */
    __syncthreads();
    for (int c = threadIdx.x; c < classes; c += blockDim.x) {
        const float share = ignored ? 0 : expf(row[c] - most) / sum - (c == target ? 1 : 0);
        dLogits[start + c] = scale * share;
    }
}
