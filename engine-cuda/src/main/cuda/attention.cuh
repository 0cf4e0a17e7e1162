/* A batch as kernels see it, CudaBatch: key j of sequence s lies in row tables[tableStarts[s] + j / blockSize] · blockSize + j % blockSize. */
#pragma once
#include "device.cuh"

struct Keys {
    const int *table;
    int blockSize;

    __device__ __forceinline__ long long row(int u) const {
        return static_cast<long long>(table[u / blockSize]) * blockSize + u % blockSize;
    }
};

/* Keys that a token sees: from first (inclusive) to end. */
struct View {
    int first, end;
};

/* index is the token's own place in its sequence, context the sequence's keys. */
__device__ __forceinline__ View view(int index, int context, int causal, int window) {
    const int first = window == 0 ? 0 : max(0, index - window + 1);
    return {first, causal ? min(index + 1, context) : context};
}
