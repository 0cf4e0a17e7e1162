/* How attention is launched: what CudaAttention does, for programs without Java. */
#pragma once
#include <algorithm>

#include "device.h"

struct Heads {
    int heads, kvHeads, dim, causal, window;
};

/* Sequences of a step: tokens of each in this step, keys of each, and the blocks that these lie in. */
struct Step {
    std::vector<int> tokens, contexts;
    std::vector<std::vector<int>> tables;
    int blockSize;
};

struct Attention {
    int *work, *starts, *contexts, *tables, *tableStarts;
    int entries, units, rowStride;
    unsigned shared;

    Attention(const Step &step, const Heads &heads) {
        std::vector<int> w, s = {0}, t, ts;
        units = 0, rowStride = 0;
        const int group = heads.heads / heads.kvHeads;
        for (size_t i = 0; i < step.tokens.size(); i++) {
            const int rows = step.tokens[i] * group;
            for (int r = (rows - 1) / 64 * 64; r >= 0; r -= 64) {
                w.push_back(static_cast<int>(i));
                w.push_back(r);
                rowStride = std::max(rowStride, std::min(64, rows - r));
            }
            s.push_back(s.back() + step.tokens[i]);
            ts.push_back(static_cast<int>(t.size()));
            t.insert(t.end(), step.tables[i].begin(), step.tables[i].end());
            units = std::max(units, (step.contexts[i] + 63) / 64);
        }
        entries = static_cast<int>(w.size() / 2);
        work = on_device(w), starts = on_device(s), contexts = on_device(step.contexts), tables = on_device(t);
        tableStarts = on_device(ts);
        shared = 64 * (8 * heads.dim + 4 * (heads.dim + 8)) + 768;
    }

    size_t partialFloats(const Heads &heads, int perBlock) const {
        return static_cast<size_t>(entries) * heads.kvHeads * ((units + perBlock - 1) / perBlock * perBlock) * rowStride *
               (heads.dim + 4);
    }

    /* perBlock 0: a block for all units. */
    void run(float *y, const float *q, const float *k, const float *v, const Heads &heads, int blockSize, float scale,
             int perBlock, float *partial, unsigned *arrived) const {
        const int z = perBlock == 0 ? 1 : (units + perBlock - 1) / perBlock;
        launch(("attention_" + std::to_string(heads.dim)).c_str(), dim3(entries, heads.kvHeads, z), dim3(128), shared, y, q, k,
               v, static_cast<const int *>(work), static_cast<const int *>(starts), static_cast<const int *>(contexts),
               static_cast<const int *>(tables), static_cast<const int *>(tableStarts), heads.heads, heads.kvHeads, blockSize,
               scale, heads.causal, heads.window, perBlock, rowStride, partial, arrived);
    }
};
