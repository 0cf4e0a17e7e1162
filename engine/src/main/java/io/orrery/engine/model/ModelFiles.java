package io.orrery.engine.model;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.checkpoint.hub.HubFolder;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A model on disk, opened: a Hugging Face folder or a GGUF file. Weights are memory-mapped; tokenizer and chat format are read
 * when they are first asked for. Safe for threads while open; after {@link #close} the weights must not be touched.
 */
public sealed interface ModelFiles extends AutoCloseable permits HubModelFiles, GgufModelFiles {
    /**
     * Opens a folder or a GGUF file.
     *
     * @throws ModelException where it is no model of a supported family, or its tensors are not those of the model
     * @throws CheckpointException where a file is missing or broken
     */
    static ModelFiles open(Path folderOrGguf) {
        return Files.isRegularFile(folderOrGguf)
                ? opened(folderOrGguf, GgufFile.open(folderOrGguf), GgufModelFiles::of)
                : opened(folderOrGguf, HubFolder.open(folderOrGguf), HubModelFiles::of);
    }

    private static <C extends Checkpoint> ModelFiles opened(Path path, C checkpoint, Function<C, ModelFiles> model) {
        try {
            return model.apply(checkpoint);
        } catch (ModelException e) {
            checkpoint.close();
            throw new ModelException(path + ": " + e.getMessage(), e);
        } catch (CheckpointException e) {
            checkpoint.close();
            throw e;
        }
    }

    Path path();

    /** The folder's or file's name. */
    default String name() {
        Path file = path().toAbsolutePath().normalize().getFileName();
        return file == null ? path().toString() : file.toString().replaceFirst("\\.gguf$", "");
    }

    CausalLm spec();

    /** By our names, in host memory: exactly those of {@link Weights#of}. */
    Map<String, Tensor> weights();

    /** @throws ModelException where there is none */
    Tokenizer tokenizer();

    /** Empty for a model without a chat template. */
    Optional<ChatFormat> chatFormat();

    /** Tokens that end an answer. */
    Set<Integer> stopTokens();

    /** Tokens that prompt and answer may have together. */
    int contextLength();

    /** {@code config.json} of a folder. */
    Optional<JsonNode> config();

    /** Metadata of a GGUF file. */
    Optional<GgufMetadata> gguf();

    @Override
    void close();
}
