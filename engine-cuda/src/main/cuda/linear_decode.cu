/*
 * y[T, O] = x[T, I] · wᵀ[O, I] (+ b[O]) for few rows, T <= 8: memory-bound, w is read once.
 *
 * Products of bf16 (x and the decoded w are rounded to it), sums in F32 by the tensor cores: w is fragment A, and x fragment
 * B, whose eight columns are rows of x, most of them empty. The order of summation is packed.cuh's: each of a block's warps
 * sums a segment of the columns, and the sums are added in order in shared memory. linear_prefill.cu adds in the same order,
 * so that a row's result is the same bits in both.
 *
 * linear_decode_F and linear_decode_wide_F(y, x, w, b, T, I, O): S = segments of I, R = max(1, 8 / S) rows of tiles a block.
 * Grid: ceil(ceil(O / 16) / R), block: 32 · S · R threads, no dynamic shared memory.
 * Measured on an H200, 14336 x 4096, one row: bf16 3.8 TB/s, q8_0 2.8, q4_k 2.0 (docs/benchmarks-gpu.md).
 * Bytes: w's, and from L2 4 · T · I for each row of tiles. FLOPs: 2 · T · I · O. Ceiling: the memory.
 */
#include "packed.cuh"

namespace {

constexpr int WARPS = 8, BATCH = 8;

/* A warp's x: 256 columns of up to 8 rows as fragments B, 16 bytes a lane for every 32 columns. */
struct Staged {
    uint4 v[8][32];
};

/* Eight columns of a row. */
struct Fetched {
    float4 low, high;

    __device__ __forceinline__ Fetched(const float *x, int in, int column) {
        low = four(x, in, column);
        high = four(x, in, column + 4);
    }

    static __device__ __forceinline__ float4 four(const float *x, int in, int column) {
        if (in % 4 == 0) {
            return column < in ? *reinterpret_cast<const float4 *>(x + column) : make_float4(0, 0, 0, 0);
        }
        return {column < in ? x[column] : 0, column + 1 < in ? x[column + 1] : 0, column + 2 < in ? x[column + 2] : 0,
                column + 3 < in ? x[column + 3] : 0};
    }

    __device__ __forceinline__ void store(Staged &to, int n, int lane) const {
        to.v[lane / 4][n * 4 + lane % 4] = {packed::bf16_pair(low.x, low.y), packed::bf16_pair(low.z, low.w),
                                            packed::bf16_pair(high.x, high.y), packed::bf16_pair(high.z, high.w)};
    }
};

template <class F, int B>
__device__ __forceinline__ void multiply(float (&sum)[4], const typename F::Registers &w, const Staged &x, bool row, int lane) {
    if constexpr (B < 8) {
        const uint4 v = row ? x.v[B][lane] : make_uint4(0, 0, 0, 0);
        unsigned a[4];
        F::template fragment<2 * B>(w, a);
        mma_m16n8k16_bf16(sum, a, {v.x, v.y});
        F::template fragment<2 * B + 1>(w, a);
        mma_m16n8k16_bf16(sum, a, {v.z, v.w});
        multiply<F, B + 1>(sum, w, x, row, lane);
    }
}

template <class F, bool PREFETCH>
__device__ __forceinline__ void segment(float (&sum)[4], const unsigned char *w, Staged &staged, const float *x, int rows,
                                        int in, int from, int to, int lane) {
    typename F::Registers next;
    if (PREFETCH) F::load(next, w + static_cast<long long>(from) * F::BYTES, lane);
    for (int tile = from; tile < to; tile++) {
        const int column = tile * packed::COLUMNS + lane * 8;
        const Fetched first(x, in, column);
        typename F::Registers now;
        if (PREFETCH) {
            now = next;
            if (tile + 1 < to) F::load(next, w + static_cast<long long>(tile + 1) * F::BYTES, lane);
        } else {
            F::load(now, w + static_cast<long long>(tile) * F::BYTES, lane);
        }
        __syncwarp();
        first.store(staged, 0, lane);
#pragma unroll 1
        for (int n = 1; n < rows; n += 2) {
            const Fetched one(x + static_cast<long long>(n) * in, in, column);
            const Fetched other(x + static_cast<long long>(min(n + 1, rows - 1)) * in, in, column);
            one.store(staged, n, lane);
            if (n + 1 < rows) other.store(staged, n + 1, lane);
        }
        __syncwarp();
        multiply<F, 0>(sum, now, staged, lane / 4 < rows, lane);
    }
}

template <class F, bool PREFETCH>
__device__ __forceinline__ void decode(float *y, const float *x, const unsigned char *w, const float *b, int rows, int in,
                                       int out) {
    __shared__ Staged staged[WARPS];
    __shared__ float sums[WARPS][BATCH][packed::ROWS];
    const int tiles = linear_tiles(in), segments = linear_segments(tiles);
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int perBlock = blockDim.x / 32 / segments, rowTiles = (out + packed::ROWS - 1) / packed::ROWS;
    const int rowTile = blockIdx.x * perBlock + warp / segments, part = warp % segments;
    if (rowTile < rowTiles) {
        const unsigned char *from = w + static_cast<long long>(rowTile) * tiles * F::BYTES;
        const int first = segment_start(tiles, part), last = segment_start(tiles, part + 1);
        float sum[4] = {0, 0, 0, 0};
        segment<F, PREFETCH>(sum, from, staged[warp], x, rows, in, first, last, lane);
#pragma unroll
        for (int i = 0; i < 4; i++) sums[warp][lane % 4 * 2 + i % 2][lane / 4 + i / 2 * 8] = sum[i];
    }
    __syncthreads();
    for (int i = threadIdx.x; i < perBlock * rows * packed::ROWS; i += blockDim.x) {
        const int local = i / (rows * packed::ROWS), n = i / packed::ROWS % rows, r = i % packed::ROWS;
        const int o = (blockIdx.x * perBlock + local) * packed::ROWS + r;
        if (o < out) {
            float total = sums[local * segments][n][r];
            for (int s = 1; s < segments; s++) total += sums[local * segments + s][n][r];
            y[static_cast<long long>(n) * out + o] = b ? total + b[o] : total;
        }
    }
}

}  // namespace

/*
 * Two ways to hide the memory's latency, the same bits: each warp reads its next tile while it multiplies, or more warps a
 * multiprocessor, which is better (and called wide) where there are many rows of tiles and few tiles a segment. bf16 needs
 * neither: its registers hold enough bytes.
 */
#define KERNEL(name, F, BLOCKS, PREFETCH)                                                                            \
    extern "C" __global__ void __launch_bounds__(256, BLOCKS)                                                        \
        name(float *y, const float *x, const unsigned char *w, const float *b, int rows, int in, int out) {          \
        decode<packed::F, PREFETCH>(y, x, w, b, rows, in, out);                                                      \
    }
#define FORMAT(name, F, BLOCKS)                    \
    KERNEL(linear_decode_##name, F, 2, true)       \
    KERNEL(linear_decode_wide_##name, F, BLOCKS, false)

KERNEL(linear_decode_bf16, Bf16, 2, false)
FORMAT(q8_0, Q8_0, 3)
FORMAT(q4_0, Q4_0, 4)
FORMAT(q4_k, Q4_K, 4)
FORMAT(q5_k, Q5_K, 3)
FORMAT(q6_k, Q6_K, 3)
FORMAT(int4, Int4, 3)
