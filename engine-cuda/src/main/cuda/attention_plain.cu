/*
 * Attention (Vaswani et al. 2017, equation 1) over packed or paged keys, plainly: Ops.attention and its backward.
 * Grid: a block of 128 threads a token (x) and a query head (y). Keys go by in tiles of 128 that begin at whole multiples of
 * it, with a running maximum (Milakov and Gimelshein 2018, algorithm 3), so that a row's sums have one order however the
 * sequence was cut into steps. Dynamic shared memory: the query and the output, headDim floats each.
 */
#include "attention.cuh"

#include "reduce.cuh"

#define THREADS 128

/* Every kernel's parameters that say what is seen. */
#define BATCH                                                                                                           \
    const int *sequences, const int *starts, const int *contexts, const int *tableStarts, const int *tables, int blockSize, \
        int heads, int kvHeads, int headDim, int causal, int window, float scale

#define BATCH_GIVEN \
    sequences, starts, contexts, tableStarts, tables, blockSize, heads, kvHeads, headDim, causal, window, scale

/* A token and a query head, with the keys that they see. */
struct Query {
    int token, head, kvHead, context;
    View seen;
    Keys keys;
    int kvWidth, headDim;

    __device__ __forceinline__ long long at(int heads) const {
        return (static_cast<long long>(token) * heads + head) * headDim;
    }

    __device__ __forceinline__ long long key(int u) const {
        return keys.row(u) * kvWidth + kvHead * headDim;
    }
};

__device__ __forceinline__ Query query(int token, int head, BATCH) {
    (void)scale;
    const int s = sequences[token], context = contexts[s];
    const int index = context - starts[s + 1] + token;
    const View seen = view(index, context, causal, window);
    return {token, head, head / (heads / kvHeads), context, seen, {tables + tableStarts[s], blockSize}, kvHeads * headDim, headDim};
}

__device__ __forceinline__ float dot(const float *a, const float *b, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) sum = fmaf(a[i], b[i], sum);
    return sum;
}

/* The softmax's maximum and sum over the tiles so far. */
struct Running {
    float most, sum;
};

/* Takes a tile's score in, thread by thread; gives its exponential and the factor for what was summed before. */
struct Taken {
    float p, correction;
};

__device__ __forceinline__ Taken take(Running &running, float score, float *partial) {
    const float most = fmaxf(running.most, reduce<Maximum>(score, partial));
    const float p = most == -INFINITY ? 0 : expf(score - most);
    const float correction = most == -INFINITY ? 1 : expf(running.most - most);
    running.sum = running.sum * correction + reduce<Sum>(p, partial);
    running.most = most;
    return {p, correction};
}

__device__ __forceinline__ float score(const Query &of, const float *q, const float *k, int u, float scale) {
    return u >= of.seen.first && u < of.seen.end ? scale * dot(q, k + of.key(u), of.headDim) : -INFINITY;
}

extern "C" __global__ void __launch_bounds__(THREADS)
    attention_plain(float *y, const float *q, const float *k, const float *v, BATCH) {
    DYNAMIC_SHARED(float, shared);
    __shared__ float p[THREADS], partial[32];
    float *mine = shared, *out = shared + headDim;
    const Query of = query(blockIdx.x, blockIdx.y, BATCH_GIVEN);
    for (int i = threadIdx.x; i < headDim; i += THREADS) {
        mine[i] = q[of.at(heads) + i];
        out[i] = 0;
    }
    __syncthreads();
    Running running = {-INFINITY, 0};
    for (int tile = of.seen.first / THREADS * THREADS; tile < of.seen.end; tile += THREADS) {
        const Taken taken = take(running, score(of, mine, k, tile + threadIdx.x, scale), partial);
        p[threadIdx.x] = taken.p;
        __syncthreads();
        const int from = max(tile, of.seen.first), to = min(tile + THREADS, of.seen.end);
        for (int i = threadIdx.x; i < headDim; i += THREADS) {
            float sum = out[i] * taken.correction;
            for (int u = from; u < to; u++) sum = fmaf(p[u - tile], v[of.key(u) + i], sum);
            out[i] = sum;
        }
        __syncthreads();
    }
    for (int i = threadIdx.x; i < headDim; i += THREADS) y[of.at(heads) + i] = out[i] / running.sum;
}

/* p[head, t, u] of one sequence, whose tokens begin with `first`, 0 where a key is not seen. */
extern "C" __global__ void __launch_bounds__(THREADS)
    attention_probabilities(float *p, const float *q, const float *k, int first, int tokens, BATCH) {
    __shared__ float partial[32];
    const Query of = query(first + blockIdx.x, blockIdx.y, BATCH_GIVEN);
    float *row = p + (static_cast<long long>(of.head) * tokens + blockIdx.x) * of.context;
    Running running = {-INFINITY, 0};
    for (int tile = 0; tile < of.context; tile += THREADS) {
        const int u = tile + threadIdx.x;
        const float mine = score(of, q + of.at(heads), k, u, scale);
        take(running, mine, partial);
        if (u < of.context) row[u] = mine;
    }
    for (int u = threadIdx.x; u < of.context; u += THREADS) row[u] = expf(row[u] - running.most) / running.sum;
}

/*
 * For each token and head: the softmax's maximum, the inverse of its sum, and the sum over keys of p · (dy · v). And
 * dq += scale · sum over keys of p · (dy · v - that) · k, where dq is not null.
 */
extern "C" __global__ void __launch_bounds__(THREADS)
    attention_backward_q(float *dq, float *statistics, const float *dy, const float *q, const float *k, const float *v, BATCH) {
    DYNAMIC_SHARED(float, shared);
    __shared__ float dScores[THREADS], partial[32];
    float *mine = shared, *gradient = shared + headDim;
    const Query of = query(blockIdx.x, blockIdx.y, BATCH_GIVEN);
    for (int i = threadIdx.x; i < headDim; i += THREADS) {
        mine[i] = q[of.at(heads) + i];
        gradient[i] = dy[of.at(heads) + i];
    }
    __syncthreads();
    const int begin = of.seen.first / THREADS * THREADS;
    Running running = {-INFINITY, 0};
    float dots = 0;
    for (int tile = begin; tile < of.seen.end; tile += THREADS) {
        const int u = tile + threadIdx.x;
        const Taken taken = take(running, score(of, mine, k, u, scale), partial);
        const float product = taken.p == 0 ? 0 : taken.p * dot(gradient, v + of.key(u), headDim);
        dots = dots * taken.correction + reduce<Sum>(product, partial);
    }
    const float inverse = 1 / running.sum;
    dots *= inverse;
    if (threadIdx.x == 0) {
        float *row = statistics + (static_cast<long long>(of.token) * heads + of.head) * 3;
        row[0] = running.most;
        row[1] = inverse;
        row[2] = dots;
    }
    if (dq == nullptr) return;
    for (int tile = begin; tile < of.seen.end; tile += THREADS) {
        const int u = tile + threadIdx.x;
        const float p = expf(score(of, mine, k, u, scale) - running.most) * inverse;
        dScores[threadIdx.x] = p == 0 ? 0 : p * (dot(gradient, v + of.key(u), headDim) - dots) * scale;
        __syncthreads();
        const int from = max(tile, of.seen.first), to = min(tile + THREADS, of.seen.end);
        for (int i = threadIdx.x; i < headDim; i += THREADS) {
            float sum = 0;
            for (int w = from; w < to; w++) sum = fmaf(dScores[w - tile], k[of.key(w) + i], sum);
            dq[of.at(heads) + i] += sum;
        }
        __syncthreads();
    }
}

/*
 * dk += sum over queries of dScore · q, dv += sum over queries of p · dy, of one row of keys (x) and one kv head (y). The
 * row's users are uses[useStarts[x]] and on: pairs of a sequence and the key's place in it, in order; rows[x] is its number.
 * dk and dv may be null.
 */
extern "C" __global__ void __launch_bounds__(THREADS)
    attention_backward_kv(float *dk, float *dv, const float *statistics, const float *dy, const float *q, const float *k,
                          const float *v, const int *rows, const int *useStarts, const int *uses, BATCH) {
    DYNAMIC_SHARED(float, shared);
    __shared__ float ps[THREADS], dScores[THREADS];
    float *key = shared, *value = shared + headDim;
    const int group = heads / kvHeads, kvHead = blockIdx.y;
    const long long at = (static_cast<long long>(rows[blockIdx.x]) * kvHeads + kvHead) * headDim;
    for (int i = threadIdx.x; i < headDim; i += THREADS) {
        key[i] = k[at + i];
        value[i] = v[at + i];
    }
    __syncthreads();
    for (int use = useStarts[blockIdx.x]; use < useStarts[blockIdx.x + 1]; use++) {
        const int s = uses[2 * use], u = uses[2 * use + 1];
        const int queries = (starts[s + 1] - starts[s]) * group;
        for (int tile = 0; tile < queries; tile += THREADS) {
            const int mine = tile + threadIdx.x;
            float p = 0, dScore = 0;
            if (mine < queries) {
                const Query of = query(starts[s] + mine / group, kvHead * group + mine % group, BATCH_GIVEN);
                const float *row = statistics + (static_cast<long long>(of.token) * heads + of.head) * 3;
                if (u >= of.seen.first && u < of.seen.end) {
                    p = expf(scale * dot(q + of.at(heads), key, headDim) - row[0]) * row[1];
                    if (p != 0) dScore = p * (dot(dy + of.at(heads), value, headDim) - row[2]) * scale;
                }
            }
            ps[threadIdx.x] = p;
            dScores[threadIdx.x] = dScore;
            __syncthreads();
            const int count = min(THREADS, queries - tile);
            for (int i = threadIdx.x; i < headDim; i += THREADS) {
                float sumK = 0, sumV = 0;
                for (int w = 0; w < count; w++) {
                    const int token = starts[s] + (tile + w) / group, head = kvHead * group + (tile + w) % group;
                    const long long from = (static_cast<long long>(token) * heads + head) * headDim + i;
                    if (ps[w] == 0) continue;
                    sumK = fmaf(dScores[w], q[from], sumK);
                    sumV = fmaf(ps[w], dy[from], sumV);
                }
                if (dk != nullptr) dk[at + i] += sumK;
                if (dv != nullptr) dv[at + i] += sumV;
            }
            __syncthreads();
        }
    }
}
