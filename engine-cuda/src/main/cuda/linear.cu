/*
 * Projections by weights of every dtype, plainly: tiles of 16 x 16 results, weights decoded into shared memory 32 at a time.
 * y[T, O] = x[T, I] · wᵀ[O, I] (+ b[O]); dx[T, I] += dy · w; dw[O, I] += dyᵀ · x; db[O] += column sums of dy.
 * Grid: x covers the columns of the result, y its rows, 16 a block of 16 x 16 threads. A result is summed 32 terms at a time,
 * in order of the dimension that goes, by itself, whatever stands beside it.
 */
#include "blocks.cuh"

#define TILE 16
#define DEPTH 32

/* Row t and column c of a block's result. */
struct Place {
    int row, col;
};

__device__ __forceinline__ Place place() {
    return {static_cast<int>(blockIdx.y * TILE + threadIdx.y), static_cast<int>(blockIdx.x * TILE + threadIdx.x)};
}

template <class Block>
__device__ __forceinline__ void forward(float *y, const float *x, const unsigned char *w, const float *b, int tokens,
                                        int ins, int outs) {
    __shared__ float left[TILE][DEPTH + 1], right[TILE][DEPTH + 1];
    const Place at = place();
    const int o = blockIdx.x * TILE + threadIdx.y;
    float sum = 0;
    for (int k = 0; k < ins; k += DEPTH) {
        for (int d = threadIdx.x; d < DEPTH; d += TILE) {
            const bool inside = k + d < ins;
            left[threadIdx.y][d] = inside && at.row < tokens ? x[static_cast<long long>(at.row) * ins + k + d] : 0;
            right[threadIdx.y][d] = inside && o < outs ? element_of<Block>(row_of<Block>(w, o, ins), k + d) : 0;
        }
        __syncthreads();
        float part = 0;
        for (int d = 0; d < DEPTH; d++) part = fmaf(left[threadIdx.y][d], right[threadIdx.x][d], part);
        sum += part;
        __syncthreads();
    }
    if (at.row < tokens && at.col < outs) {
        y[static_cast<long long>(at.row) * outs + at.col] = b == nullptr ? sum : sum + b[at.col];
    }
}

template <class Block>
__device__ __forceinline__ void backward_x(float *dx, const float *dy, const unsigned char *w, int tokens, int ins,
                                           int outs) {
    __shared__ float left[TILE][DEPTH + 1], right[DEPTH][TILE + 1];
    const Place at = place();
    float sum = 0;
    for (int k = 0; k < outs; k += DEPTH) {
        for (int d = threadIdx.x; d < DEPTH; d += TILE) {
            const bool inside = k + d < outs && at.row < tokens;
            left[threadIdx.y][d] = inside ? dy[static_cast<long long>(at.row) * outs + k + d] : 0;
        }
        for (int d = threadIdx.y; d < DEPTH; d += TILE) {
            const bool inside = k + d < outs && at.col < ins;
            right[d][threadIdx.x] = inside ? element_of<Block>(row_of<Block>(w, k + d, ins), at.col) : 0;
        }
        __syncthreads();
        float part = 0;
        for (int d = 0; d < DEPTH; d++) part = fmaf(left[threadIdx.y][d], right[d][threadIdx.x], part);
        sum += part;
        __syncthreads();
    }
    if (at.row < tokens && at.col < ins) dx[static_cast<long long>(at.row) * ins + at.col] += sum;
}

#define LINEAR(BLOCK, NAME)                                                                                         \
    extern "C" __global__ void __launch_bounds__(TILE *TILE)                                                        \
        linear_##NAME(float *y, const float *x, const unsigned char *w, const float *b, int tokens, int ins, int outs) { \
        forward<BLOCK>(y, x, w, b, tokens, ins, outs);                                                              \
    }                                                                                                               \
    extern "C" __global__ void __launch_bounds__(TILE *TILE) linear_backward_x_##NAME(                              \
        float *dx, const float *dy, const unsigned char *w, int tokens, int ins, int outs) {                        \
        backward_x<BLOCK>(dx, dy, w, tokens, ins, outs);                                                            \
    }
FOR_EACH_BLOCK(LINEAR)

/* A trainable weight is F32. Rows of the result are out features. */
extern "C" __global__ void __launch_bounds__(TILE *TILE)
    linear_backward_w(float *dw, const float *dy, const float *x, int tokens, int ins, int outs) {
    __shared__ float left[DEPTH][TILE + 1], right[DEPTH][TILE + 1];
    const Place at = place();
    const int o = blockIdx.y * TILE + threadIdx.x;
    float sum = 0;
    for (int k = 0; k < tokens; k += DEPTH) {
        for (int d = threadIdx.y; d < DEPTH; d += TILE) {
            const bool inside = k + d < tokens;
            left[d][threadIdx.x] = inside && o < outs ? dy[static_cast<long long>(k + d) * outs + o] : 0;
            right[d][threadIdx.x] = inside && at.col < ins ? x[static_cast<long long>(k + d) * ins + at.col] : 0;
        }
        __syncthreads();
        float part = 0;
        for (int d = 0; d < DEPTH; d++) part = fmaf(left[d][threadIdx.y], right[d][threadIdx.x], part);
        sum += part;
        __syncthreads();
    }
    if (at.row < outs && at.col < ins) dw[static_cast<long long>(at.row) * ins + at.col] += sum;
}

/* A thread an out feature, 128 a block. */
extern "C" __global__ void linear_backward_b(float *db, const float *dy, int tokens, int outs) {
    const int o = blockIdx.x * blockDim.x + threadIdx.x;
    if (o >= outs) return;
    float sum = 0;
    for (int t = 0; t < tokens; t++) sum += dy[static_cast<long long>(t) * outs + o];
    db[o] += sum;
}
