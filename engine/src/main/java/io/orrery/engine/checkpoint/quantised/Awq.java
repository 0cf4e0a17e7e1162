package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * AWQ of 4 bits in the layout for matrix products (GEMM). Source: AutoAWQ {@code awq/modules/linear/gemm.py}.
 *
 * @param groupSize inputs that share a scale; -1 for all
 */
record Awq(String source, int groupSize) implements Quantisation {
    private static final List<String> PARTS = List.of(".qweight", ".qzeros", ".scales");

    static Awq of(Settings settings) {
        int bits = settings.number(AwqNumbers.BITS, "bits", "w_bit");
        if (bits != AwqNumbers.BITS) {
            throw settings.refused("bits", bits, "AWQ of 4 bits can be read");
        }
        String version = settings.text("version", "gemm").toLowerCase(Locale.ROOT);
        if (!version.equals("gemm")) {
            throw settings.refused("version", version, "only the layout gemm can be read");
        }
        return new Awq(settings.source(), settings.number(128, "group_size", "q_group_size"));
    }

    @Override
    public String label() {
        return "awq, 4 bits";
    }

    @Override
    public Map<String, Tensor> join(Map<String, Tensor> stored) {
        Parts parts = new Parts(source, stored);
        parts.before(PARTS.getFirst()).forEach(module -> parts.join(module + ".weight", weight(parts, module)));
        return parts.whole(PARTS);
    }

    private Tensor weight(Parts parts, String module) {
        Tensor weights = parts.take(module + ".qweight");
        parts.require(module + ".qweight", weights, DType.I32);
        if (weights.shape().rank() != 2
                || weights.elements() == 0
                || weights.cols() > Integer.MAX_VALUE / AwqNumbers.ROWS_A_WORD) {
            throw parts.broken(module + ".qweight", "is " + weights.shape() + ", which is no matrix");
        }
        int out = weights.cols() * AwqNumbers.ROWS_A_WORD;
        Groups groups = Groups.of(weights.rows(), groupSize);
        Tensor scales = parts.take(module + ".scales", Shape.of(groups.count(), out), DType.F16, DType.BF16, DType.F32);
        Tensor zeros = parts.take(module + ".qzeros", Shape.of(groups.count(), weights.cols()), DType.I32);
        AwqNumbers numbers = new AwqNumbers(weights.segment(), zeros.segment(), out);
        return new GroupedWeight(numbers, AwqNumbers.BITS, Floats.of(scales), groups.inOrder(), out).tensor();
    }
}
