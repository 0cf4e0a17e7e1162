package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * GPTQ in the layouts of AutoGPTQ and GPTQModel. Source: AutoGPTQ {@code nn_modules/qlinear}, GPTQModel {@code
 * utils/model.py}, {@code convert_gptq_v1_to_v2_format}.
 *
 * @param groupSize inputs that share a scale; -1 for all
 * @param isSymmetric whether zeros are in the middle of the range
 * @param isSecond whether zeros are stored as they are and not one less
 */
record Gptq(String source, int bits, int groupSize, boolean isSymmetric, boolean isSecond) implements Quantisation {
    private static final List<String> PARTS = List.of(".qweight", ".qzeros", ".scales", ".g_idx");
    private static final Set<Integer> BITS = Set.of(2, 3, 4, 8);

    static Gptq of(Settings settings) {
        int bits = settings.number(4, "bits");
        if (!BITS.contains(bits)) {
            throw settings.refused("bits", bits, "GPTQ of 2, 3, 4 and 8 bits can be read");
        }
        if (settings.flag("is_marlin_format", false)) {
            throw settings.refused("is_marlin_format", true, "only GPTQ's own layouts can be read");
        }
        if (settings.json().path("dynamic").size() > 0) {
            throw settings.refused(
                    "dynamic", settings.json().path("dynamic"), "settings for single modules are not read");
        }
        String format = settings.text("checkpoint_format", "gptq");
        if (!format.equals("gptq") && !format.equals("gptq_v2")) {
            throw settings.refused("checkpoint_format", format, "gptq and gptq_v2 can be read");
        }
        int groupSize = settings.number(-1, "group_size");
        return new Gptq(settings.source(), bits, groupSize, settings.flag("sym", true), format.equals("gptq_v2"));
    }

    @Override
    public String label() {
        return "gptq, " + bits + " bits";
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
        int in = inputs(parts, module, weights);
        int out = weights.cols();
        Optional<Tensor> order = parts.find(module + ".g_idx");
        Groups groups = Groups.of(in, groupSize);
        int[] ofInputs = order.map(tensor -> groups.read(parts, module + ".g_idx", tensor))
                .orElseGet(groups::inOrder);
        Tensor scales = parts.take(module + ".scales", Shape.of(groups.count(), out), DType.F16, DType.BF16, DType.F32);
        Tensor zeros =
                parts.take(module + ".qzeros", Shape.of(groups.count(), GptqNumbers.zeroWords(out, bits)), DType.I32);
        GptqNumbers numbers = numbers(weights, zeros, groups.count());
        return new GroupedWeight(numbers, bits, Floats.of(scales), ofInputs, out).tensor();
    }

    private int inputs(Parts parts, String module, Tensor weights) {
        long in = (long) weights.rows() * Integer.SIZE / bits;
        if (weights.shape().rank() != 2
                || weights.elements() == 0
                || (long) weights.rows() * Integer.SIZE % bits != 0
                || (long) weights.cols() * bits % Integer.SIZE != 0
                || in > Integer.MAX_VALUE) {
            throw parts.broken(
                    module + ".qweight",
                    "is " + weights.shape() + ", which is no matrix of " + bits + " bits whose zeros fill whole words");
        }
        return (int) in;
    }

    /** Some writers of the second version call it the first; their symmetric zeros give them away. */
    private GptqNumbers numbers(Tensor weights, Tensor zeros, int groups) {
        GptqNumbers first = new GptqNumbers(bits, weights.segment(), zeros.segment(), weights.cols(), 1);
        return isSecond || (isSymmetric && first.storesTheMiddle(groups)) ? first.withMore(0) : first;
    }
}
