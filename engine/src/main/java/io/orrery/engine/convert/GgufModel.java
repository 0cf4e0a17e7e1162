package io.orrery.engine.convert;

import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.checkpoint.gguf.GgufWriter;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a GGUF file holds, or is to hold. Immutable; its tensors are readable while the files behind them are open.
 *
 * @param metadata of the types that {@link GgufWriter} takes
 * @param tensors by name, in file order
 * @param losses what a reader of the file will not do as the model asks, in sentences
 */
public record GgufModel(Map<String, Object> metadata, Map<String, Tensor> tensors, List<String> losses) {
    public GgufModel {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        losses = List.copyOf(losses);
    }

    /** A file as it is. */
    public static GgufModel of(GgufFile file) {
        return new GgufModel(new LinkedHashMap<>(file.metadata().values()), file.tensors(), List.of());
    }

    /** Reads values by their types. */
    GgufMetadata values() {
        return GgufMetadata.of(metadata);
    }

    /** Bytes of all tensors. */
    public long tensorBytes() {
        return tensors.values().stream()
                .mapToLong(tensor -> tensor.dtype().bytes(tensor.elements()))
                .sum();
    }

    /** Elements of all tensors. */
    public long elements() {
        return tensors.values().stream().mapToLong(Tensor::elements).sum();
    }

    /** Writes or replaces the file, whole or not at all. @throws io.orrery.engine.checkpoint.CheckpointException */
    public void write(Path to, WriteOptions options) {
        GgufWriter.write(to, metadata, tensors, options);
    }
}
