package io.orrery.registry.inspection;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a header says.
 *
 * @param parameters number of elements by data type
 * @param packing how many of the elements are no parameters, or several
 * @param architecture GGUF's name of the model's family
 * @param contextLength tokens, from GGUF
 * @param quantization how a GGUF file calls its mix of data types, else the one that most elements have
 * @param baseModels repositories that a GGUF file names as what it was made of
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ContentFacts(
        Map<String, Long> parameters,
        Packing packing,
        @Nullable String architecture,
        @Nullable Long contextLength,
        @Nullable String quantization,
        List<String> baseModels) {
    @SuppressWarnings("NullAway") // absent in JSON where there are none
    ContentFacts {
        packing = packing == null ? Packing.NONE : packing;
        baseModels = baseModels == null ? List.of() : List.copyOf(baseModels);
    }

    long total() {
        return parameters.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Elements of quantised weights.
     *
     * @param words 32 bits of GPTQ and AWQ weights each
     * @param bytes two weights of 4 bits each, as bitsandbytes packs them
     * @param auxiliary scales, zero points and the like, which are no weights
     */
    record Packing(long words, long bytes, long auxiliary) {
        static final Packing NONE = new Packing(0, 0, 0);

        Packing plus(Packing other) {
            return new Packing(words + other.words, bytes + other.bytes, auxiliary + other.auxiliary);
        }
    }
}
