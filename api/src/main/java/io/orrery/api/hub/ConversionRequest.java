package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a model in another form.
 *
 * @param source id of the repository that is converted
 * @param revision of the source; {@code main} where absent
 * @param file the GGUF file that is meant, where the source has several
 * @param target id of the repository that gets the result, and is made where it is not there; named after source and form where absent
 * @param kind one of the constants
 * @param type of the numbers, such as {@code Q8_0}
 * @param isPrivate whether a new target is seen only by the caller's project; as the source where absent
 * @param allowRequantize also takes tensors that are quantised already
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConversionRequest(
        String source,
        @Nullable String revision,
        @Nullable String file,
        @Nullable String target,
        String kind,
        @Nullable String type,
        @JsonProperty("private") @Nullable Boolean isPrivate,
        @Nullable Boolean allowRequantize) {
    /** Pickled weights as safetensors; the numbers stay. */
    public static final String SAFETENSORS = "safetensors";
    /** A folder as a GGUF file. */
    public static final String GGUF = "gguf";
    /** A GGUF file as another one of fewer bits. */
    public static final String QUANTIZE = "quantize";
    /** A GGUF file or a folder as a folder of plain numbers. */
    public static final String DEQUANTIZE = "dequantize";
}
