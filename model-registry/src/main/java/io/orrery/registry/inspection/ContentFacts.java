package io.orrery.registry.inspection;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a header says.
 *
 * @param parameters number of elements by data type
 * @param architecture GGUF's name of the model's family
 * @param contextLength tokens, from GGUF
 * @param quantization how a GGUF file calls its mix of data types, else the one that most elements have
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ContentFacts(
        Map<String, Long> parameters,
        @Nullable String architecture,
        @Nullable Long contextLength,
        @Nullable String quantization) {
    long total() {
        return parameters.values().stream().mapToLong(Long::longValue).sum();
    }
}
