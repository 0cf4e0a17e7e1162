package io.orrery.engine.checkpoint.gguf;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader.Entry;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One open GGUF file, or all the files that a model was split into, which are as one. */
public final class GgufFile implements Checkpoint {
    private final List<GgufShard> shards;
    private final Map<String, Tensor> tensors;

    private GgufFile(List<GgufShard> shards, Map<String, Tensor> tensors) {
        this.shards = shards;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Maps a file after a check of its whole header; of a model in parts, the path of any part opens all.
     *
     * @throws CheckpointException in a sentence for every fault
     */
    public static GgufFile open(Path path) {
        List<GgufShard> shards = GgufShard.openAll(path);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (GgufShard shard : shards) {
            for (Entry entry : shard.header().entries()) {
                if (tensors.put(entry.name(), shard.tensor(entry)) != null) {
                    shards.forEach(GgufShard::close);
                    throw new CheckpointException(path, "tensor " + entry.name() + " is in two parts of the model");
                }
            }
        }
        return new GgufFile(shards, tensors);
    }

    /** Of a model in parts, the first one's, which alone has the model's. */
    public GgufMetadata metadata() {
        return shards.getFirst().header().metadata();
    }

    @Override
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public String source() {
        return metadata().source();
    }

    @Override
    public void close() {
        shards.forEach(GgufShard::close);
    }
}
