package io.orrery.engine.checkpoint.hub;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.quantised.Quantisation;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A model's folder as the Hugging Face Hub holds it: {@code config.json} beside {@code model.safetensors} or {@code
 * pytorch_model.bin}, or beside the shards that an index names. Where several are there, the one wins that does in transformers.
 */
public final class HubFolder implements Checkpoint {
    private static final String CONFIG = "config.json";
    private static final String GPTQ_CONFIG = "quantize_config.json";

    private final Path folder;
    private final JsonNode config;
    private final Optional<Quantisation> quantisation;
    private final Checkpoint weights;
    private final Map<String, Tensor> tensors;

    private HubFolder(Path folder, JsonNode config, Optional<Quantisation> quantisation, Checkpoint weights) {
        this.folder = folder;
        this.config = config;
        this.quantisation = quantisation;
        this.weights = weights;
        this.tensors = quantisation.map(how -> how.join(weights.tensors())).orElseGet(weights::tensors);
    }

    /** Opens a folder. @throws CheckpointException that names the file that is missing or broken, and where */
    public static HubFolder open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder, "there is no such folder");
        }
        JsonNode config = JsonFile.object(folder.resolve(CONFIG));
        Optional<JsonNode> gptqConfig = JsonFile.read(folder.resolve(GPTQ_CONFIG));
        Optional<Quantisation> quantisation = Quantisation.of(folder.toString(), config, gptqConfig);
        Checkpoint weights = new WeightFiles(folder, gptqConfig).open();
        boolean isWhole = false;
        try {
            HubFolder opened = new HubFolder(folder, config, quantisation, weights);
            isWhole = true;
            return opened;
        } finally {
            if (!isWhole) {
                weights.close();
            }
        }
    }

    public Path folder() {
        return folder;
    }

    public JsonNode config() {
        return config;
    }

    /** How the weights are kept, if not as plain tensors. */
    public Optional<Quantisation> quantisation() {
        return quantisation;
    }

    /** Another JSON file of the folder, if it is there. @throws CheckpointException that names file and line */
    public Optional<JsonNode> json(String fileName) {
        return JsonFile.read(folder.resolve(fileName));
    }

    /** A weight that the files keep in parts is one tensor here, under the name of the plain one. */
    @Override
    public Map<String, Tensor> tensors() {
        return tensors;
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
