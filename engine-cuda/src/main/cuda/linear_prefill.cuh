/*
 * y[T, O] = x[T, I] · wᵀ[O, I] (+ b[O]) for more than a few rows, by mma.m16n8k16: products of bf16, sums in F32, in the order
 * of packed.cuh, so that a row's result is the same bits as in linear_decode.cu.
 *
 * linear_prefill_F_N(y, xb, w, b, T, I, O, partial, arrived): xb of linear_cast.cu. A block computes 128 columns of y (a row of
 * tiles of w for each of its warps, read straight into registers) for N rows of x, staged in shared memory by cp.async.
 * Grid: (ceil(T / N), ceil(O / 128), Z), block: 256 threads, dynamic shared memory: 1024 · N bytes. Z = 1; or, where that
 * leaves the GPU empty, Z = segments of I, a segment for each block: sums go to partial, [Z · blocks][16 N · 8] floats, and
 * the last to come (arrived, [blocks] zeros, is zeros again afterwards) adds them up in order.
 * Measured on an H200, 14336 x 4096: 32 rows of bf16 2.6 TB/s; 2048 rows 185 TFLOP/s, q4_k 219 (docs/benchmarks-gpu.md).
 * Bytes: w's once for every N rows, from L2 where they run side by side; FLOPs: 2 · T · I · O. Ceiling: the tensor cores from
 * some 300 rows on, the memory below.
 */
#pragma once
#include "packed.cuh"

namespace {

constexpr int WARPS = 8;

template <class F, int NT, int B>
__device__ __forceinline__ void multiply(float (&sum)[NT][4], const typename F::Registers &w, const uint4 *x, int lane) {
    if constexpr (B < 8) {
        unsigned low[4], high[4];
        F::template fragment<2 * B>(w, low);
        F::template fragment<2 * B + 1>(w, high);
#pragma unroll
        for (int n = 0; n < NT; n++) {
            const uint4 v = x[n * 256 + B * 32 + lane];
            mma_m16n8k16_bf16(sum[n], low, {v.x, v.y});
            mma_m16n8k16_bf16(sum[n], high, {v.z, v.w});
        }
        multiply<F, NT, B + 1>(sum, w, x, lane);
    }
}

template <int NT>
__device__ __forceinline__ void stage(uint4 *to, const uint4 *x, int tiles, int tile, int rowTiles) {
    const int first = blockIdx.x * NT;
#pragma unroll
    for (int n = 0; n < NT; n++) {
        const bool inside = first + n < rowTiles;
        const uint4 *from = x + (static_cast<long long>(inside ? first + n : first) * tiles + tile) * 256 + threadIdx.x;
        cp_async_16(to + n * 256 + threadIdx.x, from, inside ? 16 : 0);
    }
}

template <int NT>
__device__ __forceinline__ void add_and_clear(float (&total)[NT][4], float (&sum)[NT][4], bool first) {
#pragma unroll
    for (int n = 0; n < NT; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            total[n][i] = first ? sum[n][i] : total[n][i] + sum[n][i];
            sum[n][i] = 0;
        }
    }
}

template <int NT>
__device__ __forceinline__ void write(float *y, const float (&total)[NT][4], const float *b, int rows, int out, int rowTile,
                                      int lane) {
#pragma unroll
    for (int i = 0; i < 2; i++) {
        const int o = rowTile * packed::ROWS + lane / 4 + 8 * i;
        if (o >= out) return;
        const float bias = b ? b[o] : 0;
#pragma unroll
        for (int n = 0; n < NT; n++) {
#pragma unroll
            for (int e = 0; e < 2; e++) {
                const int t = (blockIdx.x * NT + n) * 8 + lane % 4 * 2 + e;
                if (t < rows) y[static_cast<long long>(t) * out + o] = b ? total[n][2 * i + e] + bias : total[n][2 * i + e];
            }
        }
    }
}

/* Whether this block is the last of its segments; then total is the sum of all, in order. */
template <int NT>
__device__ __forceinline__ bool gather_segments(float (&total)[NT][4], float *partial, unsigned *arrived, int warp, int lane) {
    __shared__ unsigned before;
    const unsigned block = blockIdx.y * gridDim.x + blockIdx.x, blocks = gridDim.x * gridDim.y;
    float4 *all = reinterpret_cast<float4 *>(partial);
    const auto at = [&](int z, int n) { return (((static_cast<long long>(z) * blocks + block) * WARPS + warp) * NT + n) * 32 + lane; };
#pragma unroll
    for (int n = 0; n < NT; n++) {
        __stcg(all + at(blockIdx.z, n), make_float4(total[n][0], total[n][1], total[n][2], total[n][3]));
    }
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) before = atomicAdd(arrived + block, 1u);
    __syncthreads();
    if (before != gridDim.z - 1) return false;
    __threadfence();
    if (threadIdx.x == 0) arrived[block] = 0;
#pragma unroll
    for (int n = 0; n < NT; n++) {
        float4 v = __ldcg(all + at(0, n));
        for (int z = 1; z < static_cast<int>(gridDim.z); z++) {
            const float4 w = __ldcg(all + at(z, n));
            v.x += w.x, v.y += w.y, v.z += w.z, v.w += w.w;
        }
        total[n][0] = v.x, total[n][1] = v.y, total[n][2] = v.z, total[n][3] = v.w;
    }
    return true;
}

template <class F, int NT>
__device__ __forceinline__ void prefill(float *y, const uint4 *x, const unsigned char *w, const float *b, int rows, int in,
                                        int out, float *partial, unsigned *arrived) {
    DYNAMIC_SHARED(uint4, staged);
    const int tiles = linear_tiles(in), segments = linear_segments(tiles), rowTiles = (rows + 7) / 8;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, rowTile = blockIdx.y * WARPS + warp;
    const bool inside = rowTile * packed::ROWS < out;
    const bool split = gridDim.z > 1;
    const int from = split ? segment_start(tiles, blockIdx.z) : 0;
    const int to = split ? segment_start(tiles, blockIdx.z + 1) : tiles;
    const unsigned char *weights = w + static_cast<long long>(inside ? rowTile : 0) * tiles * F::BYTES;

    float sum[NT][4] = {}, total[NT][4];
    int segment = split ? blockIdx.z : 0;
    int end = segment_start(tiles, segment + 1);
    typename F::Registers next;
    if (F::PREFETCH) F::load(next, weights + static_cast<long long>(from) * F::BYTES, lane);
    stage<NT>(staged, x, tiles, from, rowTiles);
    cp_async_commit();
    for (int tile = from; tile < to; tile++) {
        const uint4 *now = staged + (tile - from) % 2 * NT * 256;
        typename F::Registers current;
        if (F::PREFETCH) {
            current = next;
            if (tile + 1 < to) F::load(next, weights + static_cast<long long>(tile + 1) * F::BYTES, lane);
        } else {
            F::load(current, weights + static_cast<long long>(tile) * F::BYTES, lane);
        }
        if (tile + 1 < to) stage<NT>(staged + (tile + 1 - from) % 2 * NT * 256, x, tiles, tile + 1, rowTiles);
        cp_async_commit();
        cp_async_wait<1>();
        __syncthreads();
        multiply<F, NT, 0>(sum, current, now, lane);
        if (tile + 1 == end) {
            add_and_clear<NT>(total, sum, segment == 0 || split);
            segment++;
            end = segment < segments ? segment_start(tiles, segment + 1) : 0;
        }
        __syncthreads();
    }
    if (split && !gather_segments<NT>(total, partial, arrived, warp, lane)) return;
    if (inside) write<NT>(y, total, b, rows, out, rowTile, lane);
}

}  // namespace

#define PREFILL(name, F, N, BLOCKS)                                                                                    \
    extern "C" __global__ void __launch_bounds__(256, BLOCKS)                                                          \
        linear_prefill_##name##_##N(float *y, const uint4 *x, const unsigned char *w, const float *b, int rows, int in, \
                                    int out, float *partial, unsigned *arrived) {                                      \
        prefill<packed::F, N / 8>(y, x, w, b, rows, in, out, partial, arrived);                                        \
    }
#define FORMAT(name, F)       \
    PREFILL(name, F, 32, 2)   \
    PREFILL(name, F, 64, 1)
