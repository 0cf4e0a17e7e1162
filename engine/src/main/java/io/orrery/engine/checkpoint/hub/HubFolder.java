package io.orrery.engine.checkpoint.hub;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A model's folder as the Hugging Face Hub holds it: {@code config.json} beside {@code model.safetensors}, or beside the shards
 * that {@code model.safetensors.index.json} names. The one file wins where both are there, as in transformers.
 */
public final class HubFolder implements Checkpoint {
    private static final String CONFIG = "config.json";
    private static final String GPTQ_CONFIG = "quantize_config.json";

    private final Path folder;
    private final JsonNode config;
    private final Checkpoint weights;

    private HubFolder(Path folder, JsonNode config, Checkpoint weights) {
        this.folder = folder;
        this.config = config;
        this.weights = weights;
    }

    /** Opens a folder. @throws CheckpointException that names the file that is missing or broken, and where */
    public static HubFolder open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder, "there is no such folder");
        }
        return new HubFolder(
                folder,
                JsonFile.object(folder.resolve(CONFIG)),
                new WeightFiles(folder, JsonFile.read(folder.resolve(GPTQ_CONFIG))).open());
    }

    public Path folder() {
        return folder;
    }

    public JsonNode config() {
        return config;
    }

    /** Another JSON file of the folder, if it is there. @throws CheckpointException that names file and line */
    public Optional<JsonNode> json(String fileName) {
        return JsonFile.read(folder.resolve(fileName));
    }

    @Override
    public Map<String, Tensor> tensors() {
        return weights.tensors();
    }

    @Override
    public String source() {
        return folder.toString();
    }

    @Override
    public void close() {
        weights.close();
    }
}
