package io.orrery.engine.checkpoint.gguf;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.MappedFile;
import io.orrery.engine.checkpoint.gguf.GgufHeader.Entry;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One open GGUF file. */
public final class GgufFile implements Checkpoint {
    private final MappedFile file;
    private final GgufMetadata metadata;
    private final Map<String, Tensor> tensors;

    private GgufFile(MappedFile file, GgufMetadata metadata, Map<String, Tensor> tensors) {
        this.file = file;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /** Maps a file after a check of its whole header. @throws CheckpointException in a sentence for every fault */
    public static GgufFile open(Path path) {
        return MappedFile.open(path, GgufFile::of);
    }

    private static GgufFile of(MappedFile file) {
        GgufHeader header = GgufHeader.parse(file.path().toString(), file.segment());
        long shards = header.metadata().integer("split.count").orElse(1L);
        if (shards > 1) {
            throw new CheckpointException(
                    file.path(),
                    "the file is one of " + shards
                            + " parts of a model; join them into one file (llama-gguf-split --merge)");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : header.entries()) {
            tensors.put(entry.name(), new Tensor(entry.dtype(), entry.shape(), bytes(file, header, entry)));
        }
        return new GgufFile(file, header.metadata(), Collections.unmodifiableMap(tensors));
    }

    private static HostMemory bytes(MappedFile file, GgufHeader header, Entry entry) {
        // a tensor without elements has no place that could lie outside the file
        long start = entry.bytes() == 0 ? 0 : header.dataStart() + entry.offset();
        return new HostMemory(file.segment().asSlice(start, entry.bytes()));
    }

    public GgufMetadata metadata() {
        return metadata;
    }

    @Override
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public String source() {
        return file.path().toString();
    }

    @Override
    public void close() {
        file.close();
    }
}
