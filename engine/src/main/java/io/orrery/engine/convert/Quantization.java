package io.orrery.engine.convert;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.model.Weights;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Recoded;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GGUF file in other types, byte for byte as llama-quantize writes it: tensors by layer and name, both of its keys at the end of
 * the metadata.
 *
 * <p>Source: llama.cpp {@code src/llama-quant.cpp}, {@code llama_model_quantize_impl}.
 */
public final class Quantization {
    /** Of ggml's block layouts: {@code GGML_QNT_VERSION}. */
    static final int VERSION = 2;

    private static final String FILE_TYPE = "general.file_type";
    private static final String QUANTIZATION_VERSION = "general.quantization_version";
    private static final Set<DType> EXACT = Set.of(DType.F32, DType.F16, DType.BF16);
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,6})\\..*");
    private static final Comparator<String> BY_LAYER =
            Comparator.comparingInt(Quantization::layer).thenComparing(Comparator.naturalOrder());

    private Quantization() {}

    /**
     * The file that a model would be; nothing is computed yet.
     *
     * @param again lets types be quantised that have lost something already
     * @throws ConversionException where that is not allowed, or the model is none that this is known of
     */
    public static GgufModel of(GgufModel model, Target target, boolean again) {
        TensorTypes types = new TensorTypes(target, facts(model));
        List<String> names = new ArrayList<>(model.tensors().keySet());
        names.sort(BY_LAYER);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : names) {
            Tensor tensor = model.tensors().get(name);
            if (tensor != null) {
                tensors.put(name, recoded(name, tensor, types.of(name, tensor.shape(), tensor.dtype()), again));
            }
        }
        return new GgufModel(metadata(model, target), tensors, model.losses());
    }

    /** Whether there can be a GGUF file of a model at all. */
    public static boolean isPossible(CausalLm model) {
        try {
            Architecture.of(model);
            return true;
        } catch (ConversionException e) {
            return false;
        }
    }

    /** What each of a model's tensors would become, where its file has F32 vectors. */
    public static Map<String, DType> types(CausalLm model, Target target) {
        Map<String, Shape> shapes = new TreeMap<>(BY_LAYER);
        Weights.of(model).forEach(weight -> shapes.put(weight.name(), weight.shape()));
        Architecture architecture = Architecture.of(model);
        Heads heads = architecture.attention().heads();
        TensorTypes types = new TensorTypes(
                target,
                facts(architecture.name(), model.text().layers().size(), heads.query() / heads.kv(), shapes.keySet()));
        Map<String, DType> all = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> all.put(name, types.of(name, shape, DType.F32)));
        return all;
    }

    private static Tensor recoded(String name, Tensor tensor, DType dtype, boolean again) {
        if (tensor.dtype() == dtype) {
            return tensor;
        }
        if (!EXACT.contains(tensor.dtype()) && !again) {
            throw new ConversionException("tensor " + name + " is " + tensor.dtype() + " already, and quantising it to "
                    + dtype + " would lose more; start from F32, F16 or BF16, or pass --allow-requantize");
        }
        BlockFormat.of(tensor.dtype());
        return Recoded.as(dtype, tensor);
    }

    private static Map<String, Object> metadata(GgufModel model, Target target) {
        Map<String, Object> metadata = new LinkedHashMap<>(model.metadata());
        metadata.keySet().removeIf(key -> key.startsWith("split."));
        metadata.remove(QUANTIZATION_VERSION);
        metadata.remove(FILE_TYPE);
        metadata.put(QUANTIZATION_VERSION, VERSION);
        metadata.put(FILE_TYPE, target.mix().fileType());
        return metadata;
    }

    private static TensorTypes.Facts facts(GgufModel model) {
        GgufMetadata metadata = model.values();
        if (integer(metadata, "expert_count").orElse(0) > 1) {
            throw new ConversionException("a model with experts is not quantised here; use llama-quantize");
        }
        int heads = integer(metadata, "attention.head_count").orElse(1);
        int grouped =
                heads / Math.max(1, integer(metadata, "attention.head_count_kv").orElse(heads));
        int layers = integer(metadata, "block_count").orElse(0);
        return facts(metadata.architecture(), layers, grouped, model.tensors().keySet());
    }

    private static TensorTypes.Facts facts(String architecture, int layers, int grouped, Set<String> names) {
        boolean is70B = layers == 80 && (architecture.equals("qwen2") || (architecture.equals("llama") && grouped > 1));
        int values = (int) names.stream()
                .filter(name -> name.contains("attn_v.weight") || name.contains("attn_qkv.weight"))
                .count();
        return new TensorTypes.Facts(layers, values, grouped, names.contains("output.weight"), is70B);
    }

    /** One number, or that of the first layer. */
    private static Optional<Integer> integer(GgufMetadata metadata, String key) {
        String full = metadata.architecture() + "." + key;
        return metadata.isArray(full)
                ? metadata.integers(full).filter(all -> all.length > 0).map(all -> (int) all[0])
                : metadata.integer(full).map(Long::intValue);
    }

    /** -1 for what is in no layer. */
    private static int layer(String name) {
        Matcher block = BLOCK.matcher(name);
        return block.matches() ? Integer.parseInt(block.group(1)) : -1;
    }
}
