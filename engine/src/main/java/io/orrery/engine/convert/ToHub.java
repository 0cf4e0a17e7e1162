package io.orrery.engine.convert;

import io.orrery.engine.checkpoint.AtomicFile;
import io.orrery.engine.checkpoint.TensorBytes;
import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.TokenizerFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A GGUF file as a Hugging Face folder: {@code config.json}, weights in safetensors of one dtype, tokenizer, chat template,
 * {@code generation_config.json}.
 */
public final class ToHub {
    private ToHub() {}

    /**
     * Writes the folder's files, config.json last.
     *
     * @param folder that is there
     * @param dtype F32, F16 or BF16; empty for {@link ToGguf#dtype the file's own}, BF16 where it is quantised
     * @throws ConversionException where there is no such configuration
     */
    public static void write(ModelFiles files, Path folder, Optional<DType> dtype, WriteOptions options) {
        GgufMetadata metadata = files.gguf()
                .orElseThrow(() -> new ConversionException(files.path() + " is no GGUF file; it is a folder already"));
        ObjectNode config = HubConfig.of(files);
        CausalLm spec = Families.fromConfig(config);
        DType to = dtype.orElseGet(() -> ToGguf.dtype(files.weights()));
        if (metadata.contains("tokenizer.ggml.tokens")) {
            TokenizerFolder.write(metadata, folder);
        }
        write(folder.resolve("generation_config.json"), HubConfig.generation(config));
        ModelWriter.write(folder, spec, config, weights(files, spec, to), options);
    }

    private static Map<String, Tensor> weights(ModelFiles files, CausalLm spec, DType dtype) {
        float offset = spec.text().outputNorm() instanceof Norm.Rms rms ? rms.offset() : 0;
        Map<String, Tensor> weights = new LinkedHashMap<>();
        files.weights().forEach((name, tensor) -> {
            boolean isShifted = offset != 0 && name.endsWith("_norm.weight");
            weights.put(name, isShifted ? Recoded.shifted(dtype, tensor, -offset) : Recoded.as(dtype, tensor));
        });
        return weights;
    }

    private static void write(Path file, JsonNode json) {
        byte[] text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        AtomicFile.write(file, channel -> new TensorBytes(channel).write(text));
    }
}
