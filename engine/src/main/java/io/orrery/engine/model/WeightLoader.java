package io.orrery.engine.model;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Brings a model's weights to where they are computed with. */
final class WeightLoader {
    /** Elements decoded at a time: what a load needs of the Java heap. */
    private static final int PIECE = 1 << 20;

    private WeightLoader() {}

    /** Matrices in the device's own layout; vectors, which norms and biases are, as F32. */
    static Map<String, Tensor> frozen(ModelSpec spec, Map<String, Tensor> host, Ops ops) {
        return load(spec, host, tensor -> frozen(tensor, ops));
    }

    static Tensor frozen(Tensor host, Ops ops) {
        return host.shape().rank() > 1 ? ops.pack(host) : upload(host, ops);
    }

    /** Everything as F32. */
    static Map<String, Tensor> trainable(ModelSpec spec, Map<String, Tensor> host, Ops ops) {
        return load(spec, host, tensor -> upload(tensor, ops));
    }

    private static Map<String, Tensor> load(ModelSpec spec, Map<String, Tensor> host, UnaryOperator<Tensor> bring) {
        WeightCheck.require(Weights.of(spec), host);
        NamedWeights tensors = new NamedWeights(host);
        Map<String, Tensor> device = new LinkedHashMap<>();
        for (WeightSpec weight : Weights.of(spec)) {
            device.put(weight.name(), bring.apply(tensors.get(weight.name())));
        }
        return device;
    }

    /** Decodes to F32 on the device, a piece at a time. */
    static Tensor upload(Tensor host, Ops ops) {
        long[] dims = host.shape().dims().stream().mapToLong(Long::longValue).toArray();
        Tensor device = ops.persistent(dims);
        int rows = Math.max(1, PIECE / Math.max(1, host.cols()));
        for (int from = 0; from < host.rows(); from += rows) {
            int to = Math.min(host.rows(), from + rows);
            ops.write(device.rows(from, to), host.decode(from, to));
        }
        return device;
    }

    /** Host tensors of N(0, std), norms 1, biases 0; the same for the same seed. */
    static Map<String, Tensor> initial(ModelSpec spec, long seed, double std) {
        Random random = new Random(seed);
        Map<String, Tensor> host = new LinkedHashMap<>();
        for (WeightSpec weight : Weights.of(spec)) {
            MemorySegment memory =
                    Arena.ofAuto().allocate(DType.F32.bytes(weight.shape().elements()), Float.BYTES);
            boolean matrix = weight.shape().rank() > 1;
            float constant = weight.name().endsWith(".bias") ? 0 : 1;
            for (long i = 0; i < weight.shape().elements(); i++) {
                float value = matrix ? (float) (random.nextGaussian() * std) : constant;
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            }
            host.put(weight.name(), new Tensor(DType.F32, weight.shape(), new HostMemory(memory)));
        }
        return host;
    }
}
