package io.orrery.engine.convert;

import io.orrery.engine.checkpoint.peft.AdapterTensors;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.model.AdapterCheck;
import io.orrery.engine.model.AdapterParts;
import io.orrery.engine.model.HalfSplit;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Recoded;
import io.orrery.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A LoRA adapter as llama.cpp reads one. A file has one alpha, and a pair's scale is alpha / rank there: where pairs differ in more
 * than that (rsLoRA, patterns of ranks and alphas), it is multiplied into B.
 *
 * <p>Source: llama.cpp {@code convert_lora_to_gguf.py} and {@code src/llama-adapter.cpp}.
 */
public final class AdapterToGguf {
    private static final Pattern ROTATED = Pattern.compile("blk\\.\\d{1,6}\\.attn_[qk]");
    private static final double SAME = 1e-9;

    private AdapterToGguf() {}

    /**
     * The file that an adapter would be.
     *
     * @param dtype of the pairs
     * @throws io.orrery.engine.model.ModelException where it is not for this model
     * @throws ConversionException where it holds what such a file cannot
     */
    public static GgufModel of(AdapterTensors adapter, CausalLm base, String name, DType dtype) {
        Architecture architecture = Architecture.of(base);
        AdapterParts parts = AdapterCheck.of(adapter, base);
        requirePairsAlone(parts, base);
        double alpha = parts.patches().values().stream()
                .map(AdapterParts.Patch::pair)
                .findFirst()
                .or(parts::embedding)
                .map(AdapterToGguf::alpha)
                .filter(alphaOfOne -> alphaOfOne != 0)
                .orElse(1.0);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int dim = architecture.attention().heads().dim();
        parts.patches().forEach((projection, patch) -> {
            Tensor b = scaled(patch.pair(), alpha);
            boolean isInterleaved =
                    architecture.isInterleaved() && ROTATED.matcher(projection).matches();
            tensors.put(
                    projection + ".weight.lora_a",
                    Recoded.as(dtype, patch.pair().a()));
            tensors.put(
                    projection + ".weight.lora_b", Recoded.as(dtype, isInterleaved ? HalfSplit.permuted(b, dim) : b));
        });
        parts.embedding().ifPresent(pair -> {
            tensors.put("token_embd.weight.lora_a", Recoded.as(dtype, transposed(pair.a())));
            tensors.put("token_embd.weight.lora_b", Recoded.as(dtype, scaled(pair, alpha)));
        });
        return new GgufModel(metadata(architecture, name, alpha, dtype), tensors, List.of());
    }

    private static void requirePairsAlone(AdapterParts parts, CausalLm base) {
        boolean isDora = parts.patches().values().stream()
                .anyMatch(patch -> patch.magnitude().isPresent());
        boolean hasShifts = parts.patches().values().stream()
                .anyMatch(patch -> patch.shift().isPresent());
        String what = isDora
                ? "lengths of rows (DoRA)"
                : hasShifts
                        ? "biases of lora_B"
                        : !parts.replaced().isEmpty()
                                ? "whole weights " + parts.replaced().keySet()
                                : base.head().tied() && parts.patches().containsKey("output")
                                        ? "a pair for a head that is the embedding"
                                        : "";
        if (!what.isEmpty()) {
            throw new ConversionException(
                    "the adapter holds " + what + ", which llama.cpp reads in no adapter; merge it: orrery merge");
        }
    }

    private static double alpha(Pair pair) {
        return pair.scale() * pair.a().rows();
    }

    /** B with what the file's alpha does not say of its scale. */
    private static Tensor scaled(Pair pair, double alpha) {
        double rest = alpha(pair) / alpha;
        return Math.abs(rest - 1) < SAME ? pair.b() : Recoded.multiplied(DType.F32, pair.b(), (float) rest);
    }

    /** In memory: an adapter of an embedding is small. */
    static Tensor transposed(Tensor matrix) {
        float[] from = matrix.decode();
        float[] to = new float[from.length];
        for (int row = 0; row < matrix.rows(); row++) {
            for (int col = 0; col < matrix.cols(); col++) {
                to[col * matrix.rows() + row] = from[row * matrix.cols() + col];
            }
        }
        return Tensor.of(to, matrix.cols(), matrix.rows());
    }

    private static Map<String, Object> metadata(Architecture architecture, String name, double alpha, DType dtype) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", architecture.name());
        metadata.put("general.type", "adapter");
        metadata.put("general.name", name);
        metadata.put("adapter.type", "lora");
        metadata.put("adapter.lora.alpha", (float) alpha);
        metadata.put("general.file_type", Mix.ofType(dtype).fileType());
        metadata.put("general.quantization_version", Quantization.VERSION);
        return metadata;
    }
}
