package io.orrery.engine.checkpoint.peft;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.checkpoint.peft.TensorName.Part;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts the tensors of an adapter together by module; every tensor must belong to one. */
final class AdapterReader {
    private static final Set<DType> READ = Set.of(DType.F32, DType.F16, DType.BF16);

    private final SafetensorsFile file;
    private final PeftConfig config;
    private final Map<Part, Map<String, Tensor>> parts = new EnumMap<>(Part.class);

    /** @throws CheckpointException for a name or a dtype that is not LoRA's */
    AdapterReader(SafetensorsFile file, PeftConfig config) {
        this.file = file;
        this.config = config;
        for (Part part : Part.values()) {
            parts.put(part, new TreeMap<>());
        }
        file.tensors().forEach((name, tensor) -> {
            TensorName parsed = TensorName.of(name).orElseThrow(() -> foreign(name));
            if (of(parsed.part()).put(parsed.module(), checked(name, tensor)) != null) {
                throw broken("tensor " + name + " is there twice, under two spellings");
            }
        });
        if (file.tensors().isEmpty()) {
            throw broken("the file holds no tensor, so the adapter would change nothing");
        }
    }

    /** @throws CheckpointException for a half of a pair, or a shape that is not the configuration's */
    AdapterTensors read() {
        Map<String, Pair> pairs = pairs(Part.A, Part.B);
        requireBesidePairs(Part.MAGNITUDE, pairs);
        requireBesidePairs(Part.B_BIAS, pairs);
        if (config.isDora() && !of(Part.MAGNITUDE).keySet().equals(pairs.keySet())) {
            throw broken("use_dora is true in " + ConfigJson.FILE + ", but "
                    + of(Part.MAGNITUDE).size() + " of " + pairs.size() + " modules have a lora_magnitude_vector");
        }
        Map<String, Tensor> replaced = new TreeMap<>();
        of(Part.WEIGHT).forEach((module, tensor) -> replaced.put(module + ".weight", tensor));
        of(Part.BIAS).forEach((module, tensor) -> replaced.put(module + ".bias", tensor));
        return new AdapterTensors(
                pairs, pairs(Part.EMBEDDING_A, Part.EMBEDDING_B), of(Part.MAGNITUDE), of(Part.B_BIAS), replaced);
    }

    private Map<String, Tensor> of(Part part) {
        return parts.getOrDefault(part, Map.of());
    }

    private Map<String, Pair> pairs(Part a, Part b) {
        Set<String> modules = new TreeSet<>(of(a).keySet());
        modules.addAll(of(b).keySet());
        Map<String, Pair> pairs = new TreeMap<>();
        for (String module : modules) {
            pairs.put(module, pair(module, of(a).get(module), of(b).get(module)));
        }
        return pairs;
    }

    private Pair pair(String module, @Nullable Tensor a, @Nullable Tensor b) {
        if (a == null || b == null) {
            throw broken("module " + module + " has no " + (a == null ? "lora_A" : "lora_B") + " where it has "
                    + (a == null ? "lora_B" : "lora_A") + "; the file is incomplete");
        }
        int rank = config.rank(module);
        if (a.shape().rank() != 2 || b.shape().rank() != 2 || a.rows() != rank || b.cols() != rank) {
            throw broken("module " + module + " has A " + a + " and B " + b + ", but " + ConfigJson.FILE + " says rank "
                    + rank + " for it");
        }
        return new Pair(a, b, config.scale(module));
    }

    private void requireBesidePairs(Part part, Map<String, Pair> pairs) {
        of(part).forEach((module, tensor) -> {
            Pair pair = pairs.get(module);
            if (pair == null || tensor.elements() != pair.b().rows()) {
                throw broken("module " + module + " has a vector " + tensor + " of LoRA that no pair of as many outputs"
                        + " stands beside");
            }
        });
    }

    private Tensor checked(String name, Tensor tensor) {
        if (!READ.contains(tensor.dtype())
                || tensor.shape().rank() < 1
                || tensor.shape().rank() > 2) {
            throw broken("tensor " + name + " is " + tensor
                    + ", where F32, F16 or BF16 numbers are needed, in a matrix or" + " vector");
        }
        return tensor;
    }

    private CheckpointException foreign(String name) {
        return broken("tensor " + name + " is no LoRA matrix of a linear layer or embedding, which is called "
                + TensorName.a("MODULE") + " or lora_B, and no whole weight; other trained parts are not supported");
    }

    private CheckpointException broken(String problem) {
        return new CheckpointException(file.source(), problem);
    }
}
