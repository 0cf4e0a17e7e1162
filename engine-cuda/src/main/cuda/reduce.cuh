/* Sums and maxima over a block's threads, in an order that only the number of threads decides. Every thread gets the result. */
#pragma once
#include "device.cuh"

struct Sum {
    template <class T>
    static __device__ __forceinline__ T of(T a, T b) { return a + b; }
};

/* NaN loses against a number. */
struct Maximum {
    static __device__ __forceinline__ float of(float a, float b) { return fmaxf(a, b); }
};

/* partial: a place for each warp. blockDim.x is a whole number of warps. Ends with a barrier behind it. */
template <class Operation, class T>
__device__ __forceinline__ T reduce(T value, T *partial) {
    for (int distance = 16; distance > 0; distance /= 2) {
        value = Operation::of(value, __shfl_xor_sync(~0u, value, distance));
    }
    if (blockDim.x <= 32) return value;
    if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = value;
    __syncthreads();
    value = partial[0];
    for (unsigned w = 1; w < blockDim.x / 32; w++) value = Operation::of(value, partial[w]);
    __syncthreads();
    return value;
}
