package io.orrery.engine.plan;

import io.orrery.engine.convert.Quantization;
import io.orrery.engine.convert.Target;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.WeightSpec;
import io.orrery.engine.model.Weights;
import io.orrery.engine.tensor.DType;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** How the weights of a model are stored. */
public sealed interface WeightFormat {
    /** What people call it. */
    String name();

    /** Bytes of a model's weights by the type that they have. */
    Map<String, Long> bytes(CausalLm model);

    /** Every tensor in one type. */
    record Plain(DType dtype) implements WeightFormat {
        @Override
        public String name() {
            return dtype.name();
        }

        @Override
        public Map<String, Long> bytes(CausalLm model) {
            return sums(model, _ -> name(), weight -> dtype.bytes(weight.shape().elements()));
        }
    }

    /** As a GGUF file of this type or mix of types: embeddings and head quantised too, vectors F32. */
    record Gguf(Target target) implements WeightFormat {
        @Override
        public String name() {
            return target.mix().name();
        }

        @Override
        public Map<String, Long> bytes(CausalLm model) {
            Map<String, DType> types = Quantization.types(model, target);
            Function<WeightSpec, DType> type = weight -> types.getOrDefault(weight.name(), DType.F32);
            return sums(
                    model,
                    weight -> type.apply(weight).name(),
                    weight -> type.apply(weight).bytes(weight.shape().elements()));
        }
    }

    /**
     * The projections of the layers in few bits, everything else in 16.
     *
     * @param bits of an element, with its share of scales and zero points
     * @param bytesPerOutput and per row of a projection
     * @param bytesPerInput and per column of a projection
     */
    record Projections(String name, double bits, int bytesPerOutput, int bytesPerInput) implements WeightFormat {
        @Override
        public Map<String, Long> bytes(CausalLm model) {
            return sums(
                    model,
                    weight -> LoraTargets.isProjection(weight) ? name : "16 bit",
                    weight -> LoraTargets.isProjection(weight)
                            ? packed(weight)
                            : DType.BF16.bytes(weight.shape().elements()));
        }

        private long packed(WeightSpec weight) {
            return (long) Math.ceil(weight.shape().elements() * bits / Byte.SIZE)
                    + (long) bytesPerOutput * weight.shape().rows()
                    + (long) bytesPerInput * weight.shape().cols();
        }
    }

    /** As files have them. */
    record Stored(String name, Map<String, Long> found) implements WeightFormat {
        public Stored {
            found = Map.copyOf(found);
        }

        @Override
        public Map<String, Long> bytes(CausalLm model) {
            return new TreeMap<>(found);
        }
    }

    private static Map<String, Long> sums(
            CausalLm model, Function<WeightSpec, String> type, ToLongFunction<WeightSpec> bytes) {
        Map<String, Long> sums = new TreeMap<>();
        for (WeightSpec weight : Weights.of(model)) {
            sums.merge(type.apply(weight), bytes.applyAsLong(weight), Long::sum);
        }
        return sums;
    }
}
