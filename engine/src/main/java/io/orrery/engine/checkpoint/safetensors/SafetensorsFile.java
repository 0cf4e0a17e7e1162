package io.orrery.engine.checkpoint.safetensors;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.MappedFile;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader.Entry;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One open safetensors file. */
public final class SafetensorsFile implements Checkpoint {
    private final MappedFile file;
    private final Map<String, String> metadata;
    private final Map<String, Tensor> tensors;

    private SafetensorsFile(MappedFile file, Map<String, String> metadata, Map<String, Tensor> tensors) {
        this.file = file;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /** Maps a file after a check of its whole header. @throws CheckpointException in a sentence for every fault */
    public static SafetensorsFile open(Path path) {
        return MappedFile.open(path, SafetensorsFile::of);
    }

    private static SafetensorsFile of(MappedFile file) {
        SafetensorsHeader header = SafetensorsHeader.parse(file.path().toString(), file.segment());
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : header.entries()) {
            HostMemory bytes = new HostMemory(
                    file.segment().asSlice(header.dataStart() + entry.begin(), entry.end() - entry.begin()));
            tensors.put(
                    entry.name(),
                    new Tensor(DType.ofSafetensorsName(entry.dtype()).orElseThrow(), entry.shape(), bytes));
        }
        return new SafetensorsFile(file, header.metadata(), Collections.unmodifiableMap(tensors));
    }

    public Map<String, String> metadata() {
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
