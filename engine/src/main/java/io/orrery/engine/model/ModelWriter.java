package io.orrery.engine.model;

import io.orrery.engine.checkpoint.AtomicFile;
import io.orrery.engine.checkpoint.TensorBytes;
import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes a model as a Hugging Face folder. */
public final class ModelWriter {
    private ModelWriter() {}

    /**
     * Writes {@code model.safetensors} under Hugging Face's names and {@code config.json}, each whole or not at all; the
     * configuration comes last, so that a folder that has one has the weights. Its dtype becomes the weights'.
     *
     * @param folder that is there
     * @param spec what the configuration describes
     * @param weights by our names, in host memory
     * @throws ModelException where they are not those of the model
     * @throws io.orrery.engine.checkpoint.CheckpointException where a file cannot be written
     */
    public static void write(Path folder, ModelSpec spec, JsonNode config, Map<String, Tensor> weights) {
        write(folder, spec, config, weights, WriteOptions.plain());
    }

    /** The same, with weights of more than 5 GB in several files. */
    public static void write(
            Path folder, ModelSpec spec, JsonNode config, Map<String, Tensor> weights, WriteOptions options) {
        WeightCheck.require(Weights.of(spec), weights);
        WeightNames names = WeightNames.of(spec);
        Map<String, Tensor> theirs = new TreeMap<>();
        weights.forEach((name, tensor) -> theirs.put(names.huggingFace(name), tensor));
        Shards.write(folder, theirs, options);
        byte[] json = JsonMapper.shared()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(withDtype(
                        config,
                        new NamedWeights(weights).get("token_embd.weight").dtype()));
        AtomicFile.write(folder.resolve("config.json"), channel -> new TensorBytes(channel).write(json));
    }

    /** Transformers 4 calls it torch_dtype, transformers 5 dtype; where neither is there, F32 needs no word. */
    private static JsonNode withDtype(JsonNode config, DType dtype) {
        ObjectNode copy = config.deepCopy().asObject();
        for (String key : new String[] {"torch_dtype", "dtype"}) {
            if (copy.has(key)) {
                copy.put(key, torchName(dtype));
            }
        }
        return copy;
    }

    private static String torchName(DType dtype) {
        return switch (dtype) {
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            default -> dtype.name().toLowerCase(Locale.ROOT);
        };
    }
}
