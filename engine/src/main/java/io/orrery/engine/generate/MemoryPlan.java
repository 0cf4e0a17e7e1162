package io.orrery.engine.generate;

import io.orrery.engine.kvcache.PagedCache;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.Map;

/**
 * What serving a model takes of its device, known before it is loaded.
 *
 * @param weightBytes of its tensors: matrices as the file has them, vectors as F32
 * @param cacheBytes of keys and values
 * @param cacheBlocks blocks that the cache has
 * @param contextLength tokens that prompt and answer may have together
 */
public record MemoryPlan(long weightBytes, long cacheBytes, int cacheBlocks, int contextLength) {
    /** @param modelContext the context that the model was made for */
    static MemoryPlan of(
            CausalLm spec,
            Map<String, Tensor> weights,
            int modelContext,
            ServingOptions serving,
            EngineOptions engine) {
        int context = serving.contextLength() == 0 ? modelContext : Math.min(modelContext, serving.contextLength());
        long perBlock = PagedCache.bytesPerToken(spec) * engine.blockSize();
        long budget = serving.cacheBytes() == 0 ? ServingOptions.DEFAULT_CACHE_BYTES : serving.cacheBytes();
        long blocksOfAll = (long) Math.ceilDiv(context, engine.blockSize()) * engine.maxSequences();
        long most = Math.min(blocksOfAll, Integer.MAX_VALUE / engine.blockSize());
        int blocks = (int) Math.min(most, budget / perBlock);
        if (blocks < 1) {
            throw new EngineException(
                    EngineException.Reason.INVALID,
                    "a cache of " + budget + " bytes does not hold one block of " + engine.blockSize()
                            + " tokens, which takes " + perBlock + " bytes; give it more");
        }
        long weightBytes =
                weights.values().stream().mapToLong(MemoryPlan::bytes).sum();
        return new MemoryPlan(weightBytes, blocks * perBlock, blocks, Math.min(context, blocks * engine.blockSize()));
    }

    private static long bytes(Tensor host) {
        return host.shape().rank() > 1 ? host.rows() * host.rowBytes() : DType.F32.bytes(host.elements());
    }

    /** Of both. */
    public long bytes() {
        return weightBytes + cacheBytes;
    }
}
