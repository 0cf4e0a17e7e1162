package io.orrery.engine.checkpoint.peft;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts the tensors of an adapter together in pairs; every tensor must belong to one. */
record PairReader(SafetensorsFile file, PeftConfig config) {
    private static final Set<DType> READ = Set.of(DType.F32, DType.F16, DType.BF16);

    /** By module path. @throws CheckpointException for a name, a shape or a dtype that is not LoRA's */
    Map<String, Pair> pairs() {
        Map<String, Tensor> a = new TreeMap<>();
        Map<String, Tensor> b = new TreeMap<>();
        file.tensors().forEach((name, tensor) -> {
            TensorName parsed = TensorName.of(name).orElseThrow(() -> foreign(name));
            (parsed.isA() ? a : b).put(parsed.module(), checked(name, tensor));
        });
        Set<String> modules = new TreeSet<>(a.keySet());
        modules.addAll(b.keySet());
        if (modules.isEmpty()) {
            throw broken("the file holds no tensor, so the adapter would change nothing");
        }
        Map<String, Pair> pairs = new TreeMap<>();
        for (String module : modules) {
            pairs.put(module, pair(module, a, b));
        }
        return pairs;
    }

    private Pair pair(String module, Map<String, Tensor> as, Map<String, Tensor> bs) {
        Tensor a = as.get(module);
        Tensor b = bs.get(module);
        if (a == null || b == null) {
            throw broken("module " + module + " has no " + (a == null ? TensorName.a(module) : TensorName.b(module))
                    + "; the file is incomplete");
        }
        int rank = config.rank(module);
        if (a.rows() != rank || b.cols() != rank) {
            throw broken("module " + module + " has A " + a + " and B " + b + ", but " + ConfigJson.FILE + " says rank "
                    + rank + " for it");
        }
        return new Pair(a, b, config.scale(module));
    }

    private Tensor checked(String name, Tensor tensor) {
        if (!READ.contains(tensor.dtype()) || tensor.shape().rank() != 2) {
            throw broken("tensor " + name + " is " + tensor + ", where a matrix of F32, F16 or BF16 is needed");
        }
        return tensor;
    }

    private CheckpointException foreign(String name) {
        return broken("tensor " + name + " is no LoRA matrix of a linear layer, which is called "
                + TensorName.a("MODULE") + " or lora_B; other trained parts are not supported yet");
    }

    private CheckpointException broken(String problem) {
        return new CheckpointException(file.source(), problem);
    }
}
