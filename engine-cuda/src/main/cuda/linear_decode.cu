/*
 * y[T, O] = x[T, I] · wᵀ[O, I] (+ b[O]) for few rows, T <= 8: memory-bound, w is read once.
 *
 * Products of bf16 (x and the decoded w are rounded to it), sums in F32 by the tensor cores: w is fragment A, and x fragment
 * B, whose eight columns are rows of x, most of them empty. The order of summation is packed.cuh's: each of a block's warps
 * sums a segment of the columns, and the sums are added in order in shared memory. linear_prefill.cu adds in the same order,
 * so that a row's result is the same bits in both.
 *
 * linear_decode_F(y, x, w, b, T, I, O): S = segments of I, R = max(1, 8 / S) rows of tiles a block.
 * Grid: ceil(ceil(O / 16) / R), block: 32 · S · R threads, no dynamic shared memory. Where tiles have to be decoded, a warp reads
 * the next one meanwhile; registers full of bf16 are enough on their way as they are.
 * linear_stream_F, of the same parameters, and the same bits: for many rows of tiles. A block goes on to the next ones, its x in
 * shared memory. Grid: as many blocks as run at once, or as linear_decode_F has; dynamic shared memory: S · R · 512 · T ·
 * ceil(ceil(I / 256) / S) bytes.
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

    __device__ __forceinline__ uint4 fragment() const {
        return {packed::bf16_pair(low.x, low.y), packed::bf16_pair(low.z, low.w), packed::bf16_pair(high.x, high.y),
                packed::bf16_pair(high.z, high.w)};
    }

    __device__ __forceinline__ void store(Staged &to, int n, int lane) const {
        to.v[lane / 4][n * 4 + lane % 4] = fragment();
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

/* Sums of the warps of each row of tiles from `first` on, in order. */
__device__ __forceinline__ void add_segments(float *y, const float (&sums)[WARPS][BATCH][packed::ROWS], const float *b, int rows,
                                             int out, int first, int perBlock, int segments) {
    for (int i = threadIdx.x; i < perBlock * rows * packed::ROWS; i += blockDim.x) {
        const int local = i / (rows * packed::ROWS), n = i / packed::ROWS % rows, r = i % packed::ROWS;
        const int o = (first + local) * packed::ROWS + r;
        if (o < out) {
            float total = sums[local * segments][n][r];
            for (int s = 1; s < segments; s++) total += sums[local * segments + s][n][r];
            y[static_cast<long long>(n) * out + o] = b ? total + b[o] : total;
        }
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
    add_segments(y, sums, b, rows, out, blockIdx.x * perBlock, perBlock, segments);
}

template <class F>
__device__ __forceinline__ void decode_ahead(float *y, const float *x, const unsigned char *w, const float *b, int rows, int in,
                                             int out) {
    decode<F, true>(y, x, w, b, rows, in, out);
}

template <class F>
__device__ __forceinline__ void decode_at_once(float *y, const float *x, const unsigned char *w, const float *b, int rows,
                                               int in, int out) {
    decode<F, false>(y, x, w, b, rows, in, out);
}

/* Up to eight rows of x as fragments B, tile by tile of a warp's segment: 16 bytes for each row and lane of four. */
struct Kept {
    uint4 *v;
    int rows;

    __device__ __forceinline__ uint4 &at(int tile, int block, int n, int lane) const {
        return v[((tile * 8 + block) * rows + n) * 4 + lane % 4];
    }
};

template <class F, int B>
__device__ __forceinline__ void multiply(float (&sum)[4], const typename F::Registers &w, const Kept &x, int tile, int lane) {
    if constexpr (B < 8) {
        const uint4 v = lane / 4 < x.rows ? x.at(tile, B, lane / 4, lane) : make_uint4(0, 0, 0, 0);
        unsigned a[4];
        F::template fragment<2 * B>(w, a);
        mma_m16n8k16_bf16(sum, a, {v.x, v.y});
        F::template fragment<2 * B + 1>(w, a);
        mma_m16n8k16_bf16(sum, a, {v.z, v.w});
        multiply<F, B + 1>(sum, w, x, tile, lane);
    }
}

/* The same for one row of tiles after the other; many warps a multiprocessor hide the latency. */
template <class F>
__device__ __forceinline__ void stream(float *y, const float *x, const unsigned char *w, const float *b, int rows, int in,
                                       int out) {
    DYNAMIC_SHARED(uint4, kept);
    __shared__ float sums[2][WARPS][BATCH][packed::ROWS];
    const int tiles = linear_tiles(in), segments = linear_segments(tiles), most = (tiles + segments - 1) / segments;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, part = warp % segments;
    const int perBlock = blockDim.x / 32 / segments, rowTiles = (out + packed::ROWS - 1) / packed::ROWS;
    const int from = segment_start(tiles, part), to = segment_start(tiles, part + 1);
    const Kept input = {kept + static_cast<long long>(warp) * most * 8 * rows * 4, rows};
    for (int tile = from; tile < to; tile++) {
        for (int n = 0; n < rows; n++) {
            const Fetched fetched(x + static_cast<long long>(n) * in, in, tile * packed::COLUMNS + lane * 8);
            input.at(tile - from, lane / 4, n, lane) = fetched.fragment();
        }
    }
    __syncwarp();
    const int stride = gridDim.x * perBlock;
    for (int base = blockIdx.x * perBlock, turn = 0; base < rowTiles; base += stride, turn ^= 1) {
        const int rowTile = base + warp / segments;
        if (rowTile < rowTiles) {
            float sum[4] = {0, 0, 0, 0};
#pragma unroll 1
            for (int tile = from; tile < to; tile++) {
                typename F::Registers now;
                F::load(now, w + (static_cast<long long>(rowTile) * tiles + tile) * F::BYTES, lane);
                multiply<F, 0>(sum, now, input, tile - from, lane);
            }
#pragma unroll
            for (int i = 0; i < 4; i++) sums[turn][warp][lane % 4 * 2 + i % 2][lane / 4 + i / 2 * 8] = sum[i];
        }
        __syncthreads();
        add_segments(y, sums[turn], b, rows, out, base, perBlock, segments);
    }
}

}  // namespace

#define KERNEL(name, way, F, BLOCKS)                                                                                 \
    extern "C" __global__ void __launch_bounds__(256, BLOCKS)                                                        \
        name(float *y, const float *x, const unsigned char *w, const float *b, int rows, int in, int out) {          \
        way<packed::F>(y, x, w, b, rows, in, out);                                                                   \
    }
#define FORMAT(name, F, BLOCKS)                          \
    KERNEL(linear_decode_##name, decode_ahead, F, 2)     \
    KERNEL(linear_stream_##name, stream, F, BLOCKS)

KERNEL(linear_decode_bf16, decode_at_once, Bf16, 2)
FORMAT(q8_0, Q8_0, 3)
FORMAT(q4_0, Q4_0, 4)
FORMAT(q4_k, Q4_K, 4)
FORMAT(q5_k, Q5_K, 3)
FORMAT(q6_k, Q6_K, 3)
FORMAT(int4, Int4, 3)
