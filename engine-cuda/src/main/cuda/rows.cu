/*
 * Rows of a table taken, put and added to.
 * Grid: x covers the columns of a row, 128 a block; y the rows, at most 32768 at a time.
 */
#include "blocks.cuh"

#define FOR_ROWS(i) for (int i = blockIdx.y; i < count; i += gridDim.y)

/* y[i, :] = x[rows[i], :], decoded. */
template <class Block>
__device__ __forceinline__ void gather(float *y, const unsigned char *x, const int *rows, int count, int cols) {
    const int c = blockIdx.x * blockDim.x + threadIdx.x;
    if (c >= cols) return;
    FOR_ROWS(i) y[static_cast<long long>(i) * cols + c] = element_of<Block>(row_of<Block>(x, rows[i], cols), c);
}

#define GATHER(BLOCK, NAME)                                                                                        \
    extern "C" __global__ void gather_##NAME(float *y, const unsigned char *x, const int *rows, int count, int cols) { \
        gather<BLOCK>(y, x, rows, count, cols);                                                                    \
    }
FOR_EACH_BLOCK(GATHER)

/* y[rows[i], :] = x[i, :]; rows do not repeat. */
extern "C" __global__ void store_rows(float *y, const float *x, const int *rows, int count, int cols) {
    const int c = blockIdx.x * blockDim.x + threadIdx.x;
    if (c >= cols) return;
    FOR_ROWS(i) y[static_cast<long long>(rows[i]) * cols + c] = x[static_cast<long long>(i) * cols + c];
}

/* y[rows[i], :] += x[i, :], in order of i: a thread has a column of every row. */
extern "C" __global__ void scatter_add(float *y, const float *x, const int *rows, int count, int cols) {
    const int c = blockIdx.x * blockDim.x + threadIdx.x;
    if (c >= cols) return;
    for (int i = 0; i < count; i++) {
        y[static_cast<long long>(rows[i]) * cols + c] += x[static_cast<long long>(i) * cols + c];
    }
}

/* y[t, :] = x[t, from : from + narrow]. */
extern "C" __global__ void columns(float *y, const float *x, int count, int narrow, int wide, int from) {
    const int c = blockIdx.x * blockDim.x + threadIdx.x;
    if (c >= narrow) return;
    FOR_ROWS(i) y[static_cast<long long>(i) * narrow + c] = x[static_cast<long long>(i) * wide + from + c];
}

/* dx[t, from : from + narrow] += dy[t, :]. */
extern "C" __global__ void columns_backward(float *dx, const float *dy, int count, int narrow, int wide, int from) {
    const int c = blockIdx.x * blockDim.x + threadIdx.x;
    if (c >= narrow) return;
    FOR_ROWS(i) dx[static_cast<long long>(i) * wide + from + c] += dy[static_cast<long long>(i) * narrow + c];
}
