/*
 * y[T, O] = x[T, I] · wᵀ[O, I] (+ b[O]) for many rows on Hopper, by wgmma: products of bf16, sums in F32, in the order of
 * packed.cuh: a row's result is the same bits as in linear_decode.cu, which a test on a GPU asserts.
 *
 * linear_cast_hopper(to, x, T, I): x in bf16 as wgmma wants matrix B in shared memory, so that a stage is one copy:
 * [ceil(T / 128)][4 · ceil(I / 256)][128 rows][8][16 bytes], zero outside, the i-th 16 bytes of row r at i ^ (r % 8) (128-byte
 * swizzling). Within 32 columns the order is packed.cuh's.
 * Grid: (ceil(T / 128), ceil(I / 256)), block: 256 threads. Reads 4 and writes 2 bytes an element.
 *
 * linear_hopper_F(y, xh, w, b, T, I, O): a block computes 128 columns of y for 128 rows of x. Two warpgroups multiply, 64
 * columns each; their warps read their own rows of tiles of w into registers, decode them there and multiply from there. A
 * ninth warp (of twelve, because registers move between groups of four) brings x, 64 columns a stage, with the bulk copy engine; the two blocks of a cluster, of other columns of y,
 * bring half of it each, to both. Grid: (ceil(T / 128), ceil(O / 128) rounded up to even), block: 384 threads, clusters of
 * (1, 2), dynamic shared memory: STAGES · 16384 + 1024 bytes.
 * Measured on an H200, 14336 x 4096, 2048 rows: bf16 534 TFLOP/s, q8_0 481, q4_k 510 (docs/benchmarks-gpu.md).
 * Bytes from L2 for 128 · 128 results and a column: w's 128, and 128 of x. FLOPs: 2 · T · I · O. Ceiling: the tensor cores.
 */
#include "hopper.cuh"
#include "packed.cuh"

#ifdef __CUDACC__

constexpr int TOKENS = 128;

/* A thread: 32 columns of a row. */
extern "C" __global__ void __launch_bounds__(256) linear_cast_hopper(uint4 *to, const float *x, int rows, int in) {
    const int tiles = gridDim.y, tile = blockIdx.y;
    const int row8 = threadIdx.x % 8, block = threadIdx.x / 8 % 8;
    for (int n8 = threadIdx.x / 64; n8 < 16; n8 += 4) {
        const int row = blockIdx.x * TOKENS + n8 * 8 + row8, column = tile * packed::COLUMNS + block * 32;
        const float *from = x + static_cast<long long>(row) * in + column;
        float v[32];
        if (row < rows && column + 32 <= in && in % 4 == 0) {
#pragma unroll
            for (int i = 0; i < 8; i++) {
                const float4 four = reinterpret_cast<const float4 *>(from)[i];
                v[4 * i] = four.x, v[4 * i + 1] = four.y, v[4 * i + 2] = four.z, v[4 * i + 3] = four.w;
            }
        } else {
#pragma unroll
            for (int i = 0; i < 32; i++) v[i] = row < rows && column + i < in ? from[i] : 0;
        }
        const int stage = tile * 4 + block / 2;
        uint4 *unit = to + (static_cast<long long>(blockIdx.x) * tiles * 4 + stage) * 1024;
#pragma unroll
        for (int h = 0; h < 2; h++) {
#pragma unroll
            for (int r = 0; r < 2; r++) {
                unsigned w[4];
#pragma unroll
                for (int t = 0; t < 4; t++) w[t] = packed::bf16_pair(v[8 * t + 4 * h + 2 * r], v[8 * t + 4 * h + 2 * r + 1]);
                unit[(n8 * 8 + row8) * 8 + ((block % 2 * 4 + h * 2 + r) ^ row8)] = {w[0], w[1], w[2], w[3]};
            }
        }
    }
}

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

namespace {

constexpr int STAGES = 8, STAGE_BYTES = 16384, CLUSTER = 2, CONSUMERS = 8;

struct Barriers {
    unsigned long long full[STAGES], empty[STAGES];
};

/* Brings x stage by stage; one thread of the block. */
__device__ __forceinline__ void produce(unsigned char *stages, Barriers &barriers, const unsigned char *x, int count) {
    constexpr unsigned SLICE = STAGE_BYTES / CLUSTER;
    const unsigned rank = hopper::cluster_rank();
    for (int i = 0; i < count; i++) {
        const int stage = i % STAGES;
        if (i >= STAGES) hopper::barrier_wait(&barriers.empty[stage], (i / STAGES - 1) & 1);
        hopper::barrier_expect(&barriers.full[stage], STAGE_BYTES);
        hopper::bulk_copy(stages + stage * STAGE_BYTES + rank * SLICE,
                          x + static_cast<long long>(i) * STAGE_BYTES + rank * SLICE, SLICE, &barriers.full[stage],
                          (1 << CLUSTER) - 1);
    }
}

__device__ __forceinline__ void release(Barriers &barriers, int stage, int lane) {
    if (lane < CLUSTER) hopper::barrier_arrive(&barriers.empty[stage], lane);
}

/* Columns 64Q to 64Q + 63 of a tile. */
template <class F, int Q>
__device__ __forceinline__ void multiply(float (&sum)[16][4], const typename F::Registers &w, const unsigned char *stage,
                                         int add) {
    unsigned a[4][4];
    F::template fragment<4 * Q>(w, a[0]);
    F::template fragment<4 * Q + 1>(w, a[1]);
    F::template fragment<4 * Q + 2>(w, a[2]);
    F::template fragment<4 * Q + 3>(w, a[3]);
    hopper::wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4; i++) {
        hopper::wgmma_m64n128k16(sum, a[i], hopper::swizzled_matrix(stage + i * 32), i > 0 ? 1 : add);
    }
    hopper::wgmma_commit();
}

struct Progress {
    int done, released;
};

template <class F, int Q>
__device__ __forceinline__ void quarter(float (&sum)[16][4], typename F::Registers &w, const unsigned char *stages,
                                        Barriers &barriers, Progress &progress, int add, const unsigned char *next, int lane) {
    const int stage = progress.done % STAGES;
    hopper::barrier_wait(&barriers.full[stage], progress.done / STAGES & 1);
    multiply<F, Q>(sum, w, stages + stage * STAGE_BYTES, add);
    progress.done++;
    hopper::wgmma_wait<1>();
    if (progress.released < progress.done - 1) release(barriers, progress.released++ % STAGES, lane);
    /* the registers of the quarter before are free */
    if constexpr (!F::PREFETCH) F::template load_quarter<(Q + 3) % 4>(w, next, lane);
}

template <class F>
__device__ __forceinline__ void consume(float *y, const unsigned char *stages, Barriers &barriers, const unsigned char *w,
                                        const float *b, int rows, int out, int tiles, int rowTile, int lane) {
    const bool inside = rowTile * packed::ROWS < out;
    const unsigned char *weights = w + static_cast<long long>(inside ? rowTile : 0) * tiles * F::BYTES;
    float sum[16][4], total[16][4];
    typename F::Registers now, next;
    F::load(F::PREFETCH ? next : now, weights, lane);
    Progress progress = {0, 0};
    int tile = 0;
    for (int segment = 0; segment < linear_segments(tiles); segment++) {
        const int begin = tile, end = segment_start(tiles, segment + 1);
        for (; tile < end; tile++) {
            const unsigned char *here = weights + static_cast<long long>(tile) * F::BYTES;
            const unsigned char *ahead = tile + 1 < tiles ? here + F::BYTES : here;
            if (F::PREFETCH) {
                now = next;
                F::load(next, ahead, lane);
            }
            quarter<F, 0>(sum, now, stages, barriers, progress, tile > begin, here, lane);
            quarter<F, 1>(sum, now, stages, barriers, progress, 1, ahead, lane);
            quarter<F, 2>(sum, now, stages, barriers, progress, 1, ahead, lane);
            quarter<F, 3>(sum, now, stages, barriers, progress, 1, ahead, lane);
        }
        hopper::wgmma_wait<0>();
        release(barriers, progress.released++ % STAGES, lane);
#pragma unroll
        for (int n = 0; n < 16; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) total[n][i] = segment == 0 ? sum[n][i] : total[n][i] + sum[n][i];
        }
    }
    if (!inside) return;
#pragma unroll
    for (int i = 0; i < 2; i++) {
        const int o = rowTile * packed::ROWS + lane / 4 + 8 * i;
        if (o >= out) return;
        const float bias = b ? b[o] : 0;
#pragma unroll
        for (int n = 0; n < 16; n++) {
#pragma unroll
            for (int e = 0; e < 2; e++) {
                const int t = blockIdx.x * TOKENS + n * 8 + lane % 4 * 2 + e;
                if (t < rows) y[static_cast<long long>(t) * out + o] = b ? total[n][2 * i + e] + bias : total[n][2 * i + e];
            }
        }
    }
}

template <class F>
__device__ __forceinline__ void run(float *y, const unsigned char *x, const unsigned char *w, const float *b, int rows,
                                    int in, int out) {
    DYNAMIC_SHARED(unsigned char, shared);
    __shared__ Barriers barriers;
    unsigned char *stages = shared + (1024 - shared_address(shared) % 1024) % 1024;
    const int tiles = linear_tiles(in), lane = threadIdx.x % 32;
    const int warp = __shfl_sync(~0u, threadIdx.x / 32, 0);
    if (threadIdx.x == 0) {
        for (int s = 0; s < STAGES; s++) {
            hopper::barrier_init(&barriers.full[s], 1);
            hopper::barrier_init(&barriers.empty[s], CONSUMERS * CLUSTER);
        }
        hopper::fence_barriers();
    }
    hopper::cluster_sync();
    if (warp >= CONSUMERS) {
        hopper::registers_down<40>();
        if (warp == CONSUMERS && lane == 0) {
            produce(stages, barriers, x + static_cast<long long>(blockIdx.x) * tiles * 4 * STAGE_BYTES, tiles * 4);
        }
        __syncwarp();
    } else {
        hopper::registers_up<232>();
        consume<F>(y, stages, barriers, w, b, rows, out, tiles, blockIdx.y * 8 + warp, lane);
    }
    hopper::cluster_sync();
}

}  // namespace

#define BODY(F) run<packed::F>(y, x, w, b, rows, in, out);
#define CLUSTERS __cluster_dims__(1, 2, 1)
#else
#define BODY(F)
#define CLUSTERS
#endif

#define FORMAT(name, F)                                                                                                \
    extern "C" __global__ void CLUSTERS __launch_bounds__(384, 1)                                                  \
        linear_hopper_##name(float *y, const unsigned char *x, const unsigned char *w, const float *b, int rows, int in, \
                             int out) {                                                                                \
        BODY(F)                                                                                                        \
    }

FORMAT(bf16, Bf16)
FORMAT(q8_0, Q8_0)
FORMAT(q4_0, Q4_0)
FORMAT(q4_k, Q4_K)
FORMAT(q5_k, Q5_K)
FORMAT(q6_k, Q6_K)
FORMAT(int4, Int4)

#endif
