package io.orrery.engine.convert;

import io.orrery.engine.model.HalfSplit;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.WeightSpec;
import io.orrery.engine.model.Weights;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Recoded;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.TokenizerMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Hugging Face folder as a GGUF file, as llama.cpp's converter makes it: norms and other vectors F32, everything else of one
 * dtype; queries and keys of architecture {@code llama} interleaved, Gemma's norms with their 1, scaled positions as tensors.
 *
 * <p>Source: llama.cpp {@code convert_hf_to_gguf.py}. Its tensors come in the order of the Hugging Face files; these come in the
 * order that a forward pass meets them, which readers do not care for.
 */
public final class ToGguf {
    private static final List<DType> PLAIN = List.of(DType.F32, DType.F16, DType.BF16);

    private final HostModel model;
    private final Architecture architecture;

    private ToGguf(HostModel model) {
        this.model = model;
        this.architecture = Architecture.of(model.spec());
    }

    /**
     * The file that a model would be, with its tokenizer and chat template; nothing is computed yet.
     *
     * @param dtype of the matrices: F32, F16, BF16 or Q8_0; empty for {@link #dtype the model's own}
     * @throws ConversionException where llama.cpp knows no such model
     * @throws io.orrery.engine.tokenizer.TokenizerException where it knows no such tokenizer, or there is none
     */
    public static GgufModel of(ModelFiles files, Optional<DType> dtype) {
        if (files.gguf().isPresent()) {
            throw new ConversionException(
                    files.path() + " is a GGUF file already; orrery quantize changes its numbers");
        }
        ToGguf conversion = new ToGguf(HostModel.of(files));
        return conversion.convert(dtype.orElseGet(() -> dtype(files.weights())), tokenizer(files));
    }

    /**
     * The same of a model that lies in no folder.
     *
     * @param tokenizer the metadata under {@code tokenizer.}
     * @throws ConversionException where llama.cpp knows no such model
     */
    public static GgufModel of(HostModel model, DType dtype, Map<String, Object> tokenizer) {
        return new ToGguf(model).convert(dtype, tokenizer);
    }

    /** The metadata under {@code tokenizer.} of a model's files: vocabulary and chat template. */
    public static Map<String, Object> tokenizer(ModelFiles files) {
        Map<String, Object> tokenizer = new LinkedHashMap<>();
        if (files.gguf().isPresent()) {
            files.gguf().get().values().forEach((key, value) -> {
                if (key.startsWith("tokenizer.")) {
                    tokenizer.put(key, value);
                }
            });
        } else if (files.spec().text().input() instanceof Input.Tokens tokens) {
            tokenizer.putAll(TokenizerMetadata.of(files.path(), tokens.vocabSize()));
            ChatFormat.source(files.path()).ifPresent(source -> tokenizer.put("tokenizer.chat_template", source));
        }
        return tokenizer;
    }

    /** What the matrices are stored in: BF16 where they are quantised and so nothing more exact is known. */
    public static DType dtype(Map<String, Tensor> weights) {
        return weights.values().stream()
                .filter(tensor -> tensor.shape().rank() > 1)
                .max((a, b) -> Long.compare(a.elements(), b.elements()))
                .map(Tensor::dtype)
                .filter(PLAIN::contains)
                .orElse(DType.BF16);
    }

    private GgufModel convert(DType dtype, Map<String, Object> tokenizer) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", architecture.name());
        metadata.put("general.type", "model");
        metadata.put("general.name", model.name());
        metadata.putAll(architecture.metadata(model.contextLength()));
        metadata.put("general.file_type", Mix.ofType(dtype).fileType());
        metadata.putAll(tokenizer);
        metadata.put("general.quantization_version", Quantization.VERSION);
        return new GgufModel(metadata, tensors(dtype), architecture.losses());
    }

    private Map<String, Tensor> tensors(DType dtype) {
        Map<String, Tensor> ours = new LinkedHashMap<>(model.weights());
        if (architecture.isInterleaved()) {
            HalfSplit.undo(model.spec(), ours);
        }
        float offset = model.spec().text().outputNorm() instanceof Norm.Rms rms ? rms.offset() : 0;
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(RopeTensors.of(architecture.attention().rope()));
        for (WeightSpec weight : Weights.of(model.spec())) {
            Tensor tensor = ours.get(weight.name());
            if (tensor == null) {
                throw new IllegalStateException("the model lacks " + weight.name());
            }
            tensors.put(weight.name(), tensor(weight.name(), tensor, dtype, offset));
        }
        return tensors;
    }

    private static Tensor tensor(String name, Tensor tensor, DType dtype, float offset) {
        if (name.endsWith("_norm.weight") && offset != 0) {
            return Recoded.shifted(DType.F32, tensor, offset);
        }
        if (tensor.shape().rank() == 1 || name.endsWith("_norm.weight")) {
            return Recoded.as(DType.F32, tensor);
        }
        boolean fits = tensor.cols() % dtype.blockElements() == 0;
        return Recoded.as(fits ? dtype : DType.F16, tensor);
    }
}
