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
import io.orrery.engine.tensor.Recoded;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.TokenizerFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A GGUF file as a Hugging Face folder: {@code config.json}, weights in safetensors of one dtype, tokenizer, chat template,
 * {@code generation_config.json}.
 */
public final class ToHub {
    private static final List<String> COPIED = List.of(
            "tokenizer.json",
            "tokenizer.model",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json",
            "generation_config.json");

    private ToHub() {}

    /**
     * Writes the folder's files, config.json last.
     *
     * @param folder that is there
     * @param dtype F32, F16 or BF16; empty for {@link ToGguf#dtype the file's own}, BF16 where it is quantised
     * @throws ConversionException where there is no such configuration
     */
    public static void write(ModelFiles files, Path folder, Optional<DType> dtype, WriteOptions options) {
        if (files.gguf().isEmpty()) {
            throw new ConversionException(files.path() + " is no GGUF file; it is a folder already");
        }
        write(files, HostModel.of(files), folder, dtype.orElseGet(() -> ToGguf.dtype(files.weights())), options);
    }

    /**
     * The same with other weights than the files': a folder that the files were gives its configuration, tokenizer and template.
     *
     * @param model of the files' family
     */
    public static void write(ModelFiles files, HostModel model, Path folder, DType dtype, WriteOptions options) {
        JsonNode config = files.gguf()
                .map(metadata -> fromGguf(metadata, model, files.stopTokens(), folder))
                .orElseGet(() -> fromFolder(files, model, folder));
        CausalLm spec = Families.fromConfig(config);
        ModelWriter.write(folder, spec, config, weights(model, spec, dtype), options);
    }

    private static JsonNode fromGguf(GgufMetadata metadata, HostModel model, Set<Integer> stops, Path folder) {
        ObjectNode config = HubConfig.of(model, metadata, stops);
        if (metadata.contains("tokenizer.ggml.tokens")) {
            TokenizerFolder.write(metadata, folder);
        }
        byte[] text =
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(HubConfig.generation(config));
        AtomicFile.write(folder.resolve("generation_config.json"), channel -> new TensorBytes(channel).write(text));
        return config;
    }

    /** The weights are no longer quantised, and the head may have become another than the embedding. */
    private static JsonNode fromFolder(ModelFiles files, HostModel model, Path folder) {
        try {
            for (String name : COPIED) {
                if (Files.isRegularFile(files.path().resolve(name))) {
                    Files.copy(files.path().resolve(name), folder.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ObjectNode config = files.config().orElseThrow().deepCopy().asObject();
        config.remove("quantization_config");
        config.put("tie_word_embeddings", model.spec().head().tied());
        return config;
    }

    private static Map<String, Tensor> weights(HostModel model, CausalLm spec, DType dtype) {
        float offset = offset(spec) - offset(model.spec());
        Map<String, Tensor> weights = new LinkedHashMap<>();
        model.weights().forEach((name, tensor) -> {
            boolean isShifted = offset != 0 && name.endsWith("_norm.weight");
            weights.put(name, isShifted ? Recoded.shifted(dtype, tensor, -offset) : Recoded.as(dtype, tensor));
        });
        return weights;
    }

    private static float offset(CausalLm spec) {
        return spec.text().outputNorm() instanceof Norm.Rms rms ? rms.offset() : 0;
    }
}
