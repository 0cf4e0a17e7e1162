/*
 * y[T, heads · D] = softmax(scale · q·kᵀ + mask) · v over paged keys and values (Batch.java), grouped queries.
 * After FlashAttention-2 (Dao 2023, algorithm 1) and flash decoding (Dao et al. 2023), by mma.m16n8k16.
 *
 * q, k, v and probabilities are rounded to bf16, sums are F32. The unit is 64 keys from a multiple of 64 on: maximum, sum and
 * weighted values of each unit are computed by themselves, and folded into a row's one after the other. A block that has all
 * units of its rows folds in registers; where that leaves the GPU empty, units are spread over blocks (gridDim.z > 1), which
 * write them down, and the last to come folds. The result is the same bits: it depends on the row alone.
 *
 * The rows of one key/value head are (token, query head of the group) pairs of one sequence: row r is token r / group, head
 * r % group, so that decode fills the tensor cores' 16 rows with the group.
 *
 * attention_D(y, q, k, v, work, starts, contexts, tables, tableStarts, heads, kvHeads, blockSize, scale, causal, window,
 *             unitsPerBlock, rowStride, partial, arrived), D = 64, 96 or 128
 *   work          [W][2]: sequence, first row of 64 within it
 *   starts        [S + 1]: first token of each sequence; contexts [S]: its keys; tableStarts [S]: its first entry of tables
 *   unitsPerBlock units a block computes; partial and arrived are not touched where gridDim.z is 1
 *   rowStride     most rows that an entry of work has (at most 64)
 *   partial       [W][kvHeads][units][rowStride][D + 4] floats, units = gridDim.z · unitsPerBlock
 *   arrived       [W][kvHeads] zeros; zeros again afterwards
 * Grid: (W, kvHeads, blocks over units), block: 128 threads, dynamic shared memory: attention_shared(D) = 64 · (2 · 4 · D +
 * 2 · 2 · (D + 8)) + 768 bytes.
 * Measured on an H200, D = 128, groups of 4: decode of 64 x 1024 keys 3.4 TB/s, prefill of 4096 108 TFLOP/s
 * (docs/benchmarks-gpu.md).
 * Bytes: 8 · context · D a key/value head for every 64 rows. FLOPs: 4 · context · D a row. Ceiling: the memory for decode,
 * the tensor cores for prefill.
 */
#include "packed.cuh"

namespace {

constexpr int KEYS = 64, WARPS = 4, ROWS = 64;
constexpr float NOTHING = -INFINITY;

struct Pages {
    const int *table;
    int blockSize, context;
};

__device__ __forceinline__ float exp2_fast(float x) {
#ifdef __CUDACC__
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
#else
    return exp2f(x);
#endif
}

/* What a unit's maximum or that of units before it is measured against. */
__device__ __forceinline__ float reference(float maximum) {
    return maximum == NOTHING ? 0.0f : maximum;
}

/* A row's units so far. */
struct Row {
    float maximum = NOTHING, sum = 0;
    float before, now; /* factors on what was there and on what comes */

    __device__ __forceinline__ void fold(float unitMaximum, float unitSum) {
        const float both = fmaxf(maximum, unitMaximum), against = reference(both);
        before = exp2_fast(__fsub_rn(maximum, against));
        now = exp2_fast(__fsub_rn(unitMaximum, against));
        maximum = both;
        sum = fmaf(unitSum, now, __fmul_rn(sum, before));
    }
    __device__ __forceinline__ float folded(float value, float unitValue) const {
        return fmaf(unitValue, now, __fmul_rn(value, before));
    }
    __device__ __forceinline__ float result(float value) const { return value / sum; }
};

template <int D>
struct Shared {
    float raw[2][KEYS][D];                         /* keys and values as they come */
    __align__(16) unsigned short bf16[2][KEYS][D + 8]; /* rounded; padded so that ldmatrix meets no bank twice */
    int slots[KEYS];
    unsigned before;
};

/* Which rows of the cache a unit's keys lie in; -1 past the end. */
template <int D>
__device__ __forceinline__ void find_slots(Shared<D> &shared, const Pages &pages, int unit) {
    if (threadIdx.x < KEYS) {
        const int u = unit * KEYS + threadIdx.x;
        shared.slots[threadIdx.x] =
            u < pages.context ? pages.table[u / pages.blockSize] * pages.blockSize + u % pages.blockSize : -1;
    }
}

template <int D>
__device__ __forceinline__ void fetch(Shared<D> &shared, const float *k, const float *v, int kvHeads, int kvHead) {
#pragma unroll 4
    for (int i = threadIdx.x; i < KEYS * D / 4; i += 32 * WARPS) {
        const int key = i / (D / 4), d = i % (D / 4) * 4, slot = shared.slots[key];
        const long long at = (static_cast<long long>(slot < 0 ? 0 : slot) * kvHeads + kvHead) * D + d;
        cp_async_16(&shared.raw[0][key][d], k + at, slot < 0 ? 0 : 16);
        cp_async_16(&shared.raw[1][key][d], v + at, slot < 0 ? 0 : 16);
    }
    cp_async_commit();
}

template <int D>
__device__ __forceinline__ void round_all(Shared<D> &shared) {
#pragma unroll 4
    for (int i = threadIdx.x; i < 2 * KEYS * D / 4; i += 32 * WARPS) {
        const int which = i / (KEYS * D / 4), key = i / (D / 4) % KEYS, d = i % (D / 4) * 4;
        const float4 x = *reinterpret_cast<const float4 *>(&shared.raw[which][key][d]);
        *reinterpret_cast<uint2 *>(&shared.bf16[which][key][d]) =
            make_uint2(packed::bf16_pair(x.x, x.y), packed::bf16_pair(x.z, x.w));
    }
}

/* A warp's 16 rows: fragments of q, and where they stand. A lane has rows lane / 4 and lane / 4 + 8. */
template <int D>
struct Queries {
    unsigned a[D / 16][4];
    int from[2], to[2]; /* keys seen; none where there is no row */

    __device__ __forceinline__ void load(const float *q, int first, int rows, int token, int group, int head, int heads,
                                         int lane) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int row = first + lane / 4 + 8 * half;
            const float *at = q + (static_cast<long long>(token + row / group) * heads + head + row % group) * D + lane % 4 * 2;
#pragma unroll
            for (int kk = 0; kk < D / 16; kk++) {
                const float2 low = row < rows ? *reinterpret_cast<const float2 *>(at + kk * 16) : make_float2(0, 0);
                const float2 high = row < rows ? *reinterpret_cast<const float2 *>(at + kk * 16 + 8) : make_float2(0, 0);
                a[kk][half] = packed::bf16_pair(low.x, low.y);
                a[kk][half + 2] = packed::bf16_pair(high.x, high.y);
            }
        }
    }

    /* index: of the sequence's first token of this step among its keys. */
    __device__ __forceinline__ void limit(int first, int rows, int index, int context, int group, int causal, int window,
                                          int lane) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int row = first + lane / 4 + 8 * half, at = index + row / group;
            to[half] = row >= rows ? 0 : causal ? min(context, at + 1) : context;
            from[half] = window == 0 ? 0 : at - window + 1;
        }
    }
};

/* One unit: maxima and sums of a lane's two rows, and their probabilities as fragments A for the values. */
template <int D>
__device__ __forceinline__ void score(unsigned (&p)[KEYS / 16][4], float (&maximum)[2], float (&sum)[2], const Queries<D> &q,
                                      const unsigned short (&keys)[KEYS][D + 8], int unit, float scale, int lane) {
    float s[KEYS / 8][4];
#pragma unroll
    for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) s[n][i] = 0;
#pragma unroll
        for (int kk = 0; kk < D / 16; kk += 2) {
            unsigned b[4];
            ldmatrix_x4(b, &keys[n * 8 + lane % 8][kk * 16 + lane / 8 * 8]);
            mma_m16n8k16_bf16(s[n], q.a[kk], {b[0], b[1]});
            mma_m16n8k16_bf16(s[n], q.a[kk + 1], {b[2], b[3]});
        }
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
        maximum[half] = NOTHING;
#pragma unroll
        for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
            for (int e = 0; e < 2; e++) {
                const int u = unit * KEYS + n * 8 + lane % 4 * 2 + e;
                float &x = s[n][2 * half + e];
                x = u >= q.from[half] && u < q.to[half] ? __fmul_rn(x, scale) : NOTHING;
                maximum[half] = fmaxf(maximum[half], x);
            }
        }
        maximum[half] = fmaxf(maximum[half], __shfl_xor_sync(~0u, maximum[half], 1));
        maximum[half] = fmaxf(maximum[half], __shfl_xor_sync(~0u, maximum[half], 2));
        const float against = reference(maximum[half]);
#pragma unroll
        for (int n = 0; n < KEYS / 8; n++) {
            p[n / 2][n % 2 * 2 + half] = packed::bf16_pair(exp2_fast(__fsub_rn(s[n][2 * half], against)),
                                                           exp2_fast(__fsub_rn(s[n][2 * half + 1], against)));
        }
    }
    /* The tensor cores add the rounded probabilities up: a column of ones. */
    float sums[4] = {0, 0, 0, 0};
#pragma unroll
    for (int kk = 0; kk < KEYS / 16; kk++) mma_m16n8k16_bf16(sums, p[kk], {0x3f803f80u, 0x3f803f80u});
    sum[0] = sums[0];
    sum[1] = sums[2];
}

/* Weighted values of a unit: columns 16n to 16n + 15. */
template <int D>
__device__ __forceinline__ void weigh(float (&o)[2][4], const unsigned (&p)[KEYS / 16][4],
                                      const unsigned short (&values)[KEYS][D + 8], int n, int lane) {
#pragma unroll
    for (int i = 0; i < 4; i++) o[0][i] = o[1][i] = 0;
#pragma unroll
    for (int kk = 0; kk < KEYS / 16; kk++) {
        unsigned b[4];
        ldmatrix_x4_trans(b, &values[kk * 16 + lane % 16][n * 16 + lane / 16 * 8]);
        mma_m16n8k16_bf16(o[0], p[kk], {b[0], b[1]});
        mma_m16n8k16_bf16(o[1], p[kk], {b[2], b[3]});
    }
}

/* Where a unit of a row of this block is written down: D values, maximum, sum, two for alignment. */
template <int D>
__device__ __forceinline__ float *note(float *partial, int units, int unit, int rowStride, int row) {
    const long long block = blockIdx.x * static_cast<long long>(gridDim.y) + blockIdx.y;
    return partial + ((block * units + unit) * rowStride + row) * (D + 4);
}

/* Four columns of a row a thread; several units' notes are on their way before the first is folded. */
template <int D>
__device__ __forceinline__ void fold_notes(float *y, float *partial, int from, int units, int allUnits, int rowStride,
                                           int rows, int first, int token, int group, int head, int heads) {
    constexpr int AHEAD = 8;
    for (int i = threadIdx.x; i < rows * (D / 4); i += 32 * WARPS) {
        const int row = i / (D / 4), d = i % (D / 4) * 4;
        Row state;
        float4 value = make_float4(0, 0, 0, 0);
        for (int unit = from; unit < units; unit += AHEAD) {
            float4 values[AHEAD];
            float2 sums[AHEAD];
#pragma unroll
            for (int a = 0; a < AHEAD; a++) {
                const float *at = note<D>(partial, allUnits, min(unit + a, units - 1), rowStride, row);
                values[a] = __ldcg(reinterpret_cast<const float4 *>(at + d));
                sums[a] = __ldcg(reinterpret_cast<const float2 *>(at + D));
            }
#pragma unroll
            for (int a = 0; a < AHEAD; a++) {
                if (unit + a < units) {
                    state.fold(sums[a].x, sums[a].y);
                    value.x = state.folded(value.x, values[a].x);
                    value.y = state.folded(value.y, values[a].y);
                    value.z = state.folded(value.z, values[a].z);
                    value.w = state.folded(value.w, values[a].w);
                }
            }
        }
        const int r = first + row;
        *reinterpret_cast<float4 *>(y + (static_cast<long long>(token + r / group) * heads + head + r % group) * D + d) =
            make_float4(state.result(value.x), state.result(value.y), state.result(value.z), state.result(value.w));
    }
}

template <int D>
__device__ __forceinline__ void attention(float *y, const float *q, const float *k, const float *v, const int *work,
                                          const int *starts, const int *contexts, const int *tables, const int *tableStarts,
                                          int heads, int kvHeads, int blockSize, float scale, int causal, int window,
                                          int unitsPerBlock, int rowStride, float *partial, unsigned *arrived) {
    DYNAMIC_SHARED(Shared<D>, dynamic);
    Shared<D> &shared = *dynamic;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int sequence = work[2 * blockIdx.x], first = work[2 * blockIdx.x + 1];
    const int token = starts[sequence], tokens = starts[sequence + 1] - token, context = contexts[sequence];
    const int kvHead = blockIdx.y, group = heads / kvHeads, head = kvHead * group;
    const int rows = min(tokens * group, first + ROWS), index = context - tokens;
    /* keys that any row of the block sees */
    const int seen = causal ? min(context, index + (rows - 1) / group + 1) : context;
    const int units = (seen + KEYS - 1) / KEYS;
    const int skipped = window == 0 ? 0 : max(0, index + first / group - window + 1) / KEYS;
    const bool split = gridDim.z > 1;
    const int from = max(skipped, split ? static_cast<int>(blockIdx.z) * unitsPerBlock : 0);
    const int to = split ? min(units, static_cast<int>(blockIdx.z + 1) * unitsPerBlock) : units;
    if (split && static_cast<int>(blockIdx.z) * unitsPerBlock >= units) return;

    const Pages pages = {tables + tableStarts[sequence], blockSize, context};
    const int warpFirst = first + warp * 16;
    Queries<D> queries;
    queries.load(q, warpFirst, rows, token, group, head, heads, lane);
    queries.limit(warpFirst, rows, index, context, group, causal, window, lane);
    const float scale2 = __fmul_rn(scale, 1.4426950408889634f);
    Row state[2];
    float out[D / 8][4] = {};

    if (from < to) {
        find_slots<D>(shared, pages, from);
        __syncthreads();
        fetch<D>(shared, k, v, kvHeads, kvHead);
    }
    for (int unit = from; unit < to; unit++) {
        cp_async_wait<0>();
        __syncthreads();
        round_all<D>(shared);
        find_slots<D>(shared, pages, unit + 1);
        __syncthreads();
        if (unit + 1 < to) fetch<D>(shared, k, v, kvHeads, kvHead);
        if (warpFirst >= rows) continue;
        unsigned p[KEYS / 16][4];
        float maximum[2], sum[2];
        score<D>(p, maximum, sum, queries, shared.bf16[0], unit, scale2, lane);
#pragma unroll
        for (int half = 0; half < 2; half++) {
            if (!split) {
                state[half].fold(maximum[half], sum[half]);
            } else if (lane % 4 == 0 && warpFirst + lane / 4 + 8 * half < rows) {
                float *at = note<D>(partial, gridDim.z * unitsPerBlock, unit, rowStride, warp * 16 + lane / 4 + 8 * half);
                __stcg(reinterpret_cast<float2 *>(at + D), make_float2(maximum[half], sum[half]));
            }
        }
#pragma unroll
        for (int n = 0; n < D / 16; n++) {
            float o[2][4];
            weigh<D>(o, p, shared.bf16[1], n, lane);
#pragma unroll
            for (int side = 0; side < 2; side++) {
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    const float low = o[side][2 * half], high = o[side][2 * half + 1];
                    if (!split) {
                        float *to = &out[2 * n + side][2 * half];
                        to[0] = state[half].folded(to[0], low);
                        to[1] = state[half].folded(to[1], high);
                    } else if (warpFirst + lane / 4 + 8 * half < rows) {
                        float *at = note<D>(partial, gridDim.z * unitsPerBlock, unit, rowStride, warp * 16 + lane / 4 + 8 * half);
                        __stcg(reinterpret_cast<float2 *>(at + n * 16 + side * 8 + lane % 4 * 2), make_float2(low, high));
                    }
                }
            }
        }
    }
    if (split) {
        __threadfence();
        __syncthreads();
        unsigned *count = arrived + blockIdx.x * gridDim.y + blockIdx.y;
        if (threadIdx.x == 0) shared.before = atomicAdd(count, 1u);
        __syncthreads();
        if (shared.before != static_cast<unsigned>((units + unitsPerBlock - 1) / unitsPerBlock) - 1) return;
        __threadfence();
        if (threadIdx.x == 0) *count = 0;
        fold_notes<D>(y, partial, skipped, units, gridDim.z * unitsPerBlock, rowStride, rows - first, first, token, group, head, heads);
        return;
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
        const int r = warpFirst + lane / 4 + 8 * half;
        if (r < rows) {
            float *at = y + (static_cast<long long>(token + r / group) * heads + head + r % group) * D + lane % 4 * 2;
#pragma unroll
            for (int n = 0; n < D / 8; n++) {
                *reinterpret_cast<float2 *>(at + n * 8) =
                    make_float2(state[half].result(out[n][2 * half]), state[half].result(out[n][2 * half + 1]));
            }
        }
    }
}

}  // namespace

#define ATTENTION(D)                                                                                                      \
    extern "C" __global__ void __launch_bounds__(128, 2)                                                                  \
        attention_##D(float *y, const float *q, const float *k, const float *v, const int *work, const int *starts,       \
                      const int *contexts, const int *tables, const int *tableStarts, int heads, int kvHeads,             \
                      int blockSize, float scale, int causal, int window, int unitsPerBlock, int rowStride,               \
                      float *partial, unsigned *arrived) {                                                                \
        attention<D>(y, q, k, v, work, starts, contexts, tables, tableStarts, heads, kvHeads, blockSize, scale, causal,   \
                     window, unitsPerBlock, rowStride, partial, arrived);                                                 \
    }

ATTENTION(64)
ATTENTION(96)
ATTENTION(128)
