package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * bitsandbytes: NF4 and FP4 with one or two levels of magnitudes, and LLM.int8. Which of them a weight is, its parts tell. Source:
 * bitsandbytes {@code functional.py}, {@code QuantState.from_dict}, and {@code nn/modules.py}.
 */
record Bitsandbytes(String source) implements Quantisation {
    private static final List<String> STATES =
            List.of(".quant_state.bitsandbytes__nf4", ".quant_state.bitsandbytes__fp4");
    private static final String SCALES = ".SCB";
    private static final List<String> PARTS = List.of(
            ".absmax",
            ".quant_map",
            ".nested_absmax",
            ".nested_quant_map",
            ".weight_format",
            STATES.get(0),
            STATES.get(1));

    @Override
    public String label() {
        return "bitsandbytes";
    }

    @Override
    public Map<String, Tensor> join(Map<String, Tensor> stored) {
        Parts parts = new Parts(source, stored);
        for (String suffix : STATES) {
            for (String weight : parts.before(suffix)) {
                parts.join(weight, fourBits(parts, weight, suffix));
            }
        }
        for (String module : parts.before(SCALES)) {
            parts.join(module + ".weight", eightBits(parts, module));
        }
        Map<String, Tensor> whole = parts.whole(PARTS);
        whole.forEach((name, tensor) -> {
            if (tensor.dtype() == DType.U8 && name.endsWith(".weight")) {
                throw parts.broken(name + STATES.getFirst(), "is missing");
            }
        });
        return whole;
    }

    private Tensor fourBits(Parts parts, String name, String suffix) {
        FourBitState state = FourBitState.parse(source, name + suffix, parts.take(name + suffix));
        Tensor packed = parts.take(name);
        long bytes = state.elements() / 2 + state.elements() % 2;
        // a few bytes more where they are kept in elements of another width
        if (packed.segment().byteSize() < bytes || packed.segment().byteSize() >= bytes + Long.BYTES) {
            throw parts.broken(
                    name,
                    "has " + packed.segment().byteSize() + " bytes and not the " + bytes + " of " + state.shape());
        }
        float[] table = parts.take(name + ".quant_map", Shape.of(16), DType.F32).decode();
        return new FourBitWeight(packed.segment(), magnitudes(parts, name, state), table, state).tensor();
    }

    private static Magnitudes magnitudes(Parts parts, String name, FourBitState state) {
        Shape count = Shape.of(Math.ceilDiv(state.elements(), state.blockSize()));
        Tensor first = parts.take(name + ".absmax", count, DType.F32, DType.U8);
        if (first.dtype() == DType.F32) {
            Floats values = Floats.of(first);
            return values::at;
        }
        FourBitState.Nested nested =
                state.nested().orElseThrow(() -> parts.broken(name + ".absmax", "is U8 without a nested state"));
        Shape above = Shape.of(Math.ceilDiv(count.elements(), nested.blockSize()));
        Floats scales = Floats.of(parts.take(name + ".nested_absmax", above, DType.F32));
        float[] map =
                parts.take(name + ".nested_quant_map", Shape.of(256), DType.F32).decode();
        return new NestedMagnitudes(first.segment(), map, scales, nested);
    }

    private static Tensor eightBits(Parts parts, String module) {
        Tensor numbers = parts.take(module + ".weight");
        parts.require(module + ".weight", numbers, DType.I8);
        parts.find(module + ".weight_format").ifPresent(format -> {
            // 0 is the order of rows; the others are layouts of old GPUs
            if (format.segment().byteSize() == 0
                    || format.segment().asByteBuffer().get(0) != 0) {
                throw parts.broken(module + ".weight_format", "is not 0, the order of rows; save the model again");
            }
        });
        Tensor scales = parts.take(module + SCALES, Shape.of(numbers.rows()), DType.F32);
        return Tensor.computed(
                DType.F32, numbers.shape(), new Int8Rows(numbers.segment(), Floats.of(scales), numbers.cols()));
    }
}
