package io.orrery.registry.inspection;

import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader;
import io.orrery.registry.inspection.ContentFacts.Packing;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tells weights that lie several in an element, and what belongs to them, by their names: GPTQ's and AWQ's {@code qweight} (AutoGPTQ {@code
 * qlinear_cuda.py}, AutoAWQ {@code gemm.py}) and bitsandbytes' {@code absmax} beside a weight ({@code functional.py}, QuantState.as_dict).
 */
final class PackedTensors {
    private static final Pattern AUXILIARY =
            Pattern.compile(".*\\.(qzeros|scales|g_idx|absmax|nested_absmax|quant_map|nested_quant_map|SCB|weight_scale"
                    + "|weight_scale_inv|weight_zero_point|weight_shape|weight_g_idx|input_scale|quant_state\\..*)");
    private static final Pattern WORDS = Pattern.compile(".*\\.(qweight|weight_packed)");

    private PackedTensors() {}

    static Packing of(List<SafetensorsHeader.Entry> tensors) {
        Set<String> names = tensors.stream().map(SafetensorsHeader.Entry::name).collect(Collectors.toSet());
        long words = 0;
        long bytes = 0;
        long auxiliary = 0;
        for (SafetensorsHeader.Entry tensor : tensors) {
            long elements = tensor.shape().elements();
            if (AUXILIARY.matcher(tensor.name()).matches()) {
                auxiliary += elements;
            } else if (WORDS.matcher(tensor.name()).matches() && tensor.dtype().equals("I32")) {
                words += elements;
            } else if (tensor.dtype().equals("U8") && names.contains(tensor.name() + ".absmax")) {
                bytes += elements;
            }
        }
        return new Packing(words, bytes, auxiliary);
    }
}
