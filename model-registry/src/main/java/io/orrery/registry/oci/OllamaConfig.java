package io.orrery.registry.oci;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What Ollama shows of a model, and what it chooses its engine by ({@code ConfigV2} of its {@code server/images.go}).
 *
 * @param type number of parameters, for people
 */
@JsonPropertyOrder({
    "model_format",
    "model_family",
    "model_families",
    "model_type",
    "file_type",
    "architecture",
    "os",
    "rootfs"
})
record OllamaConfig(
        @JsonProperty("model_format") String format,
        @JsonProperty("model_family") String family,
        @JsonProperty("model_families") List<String> families,
        @JsonProperty("model_type") String type,
        @JsonProperty("file_type") String fileType,
        @JsonProperty("architecture") String processor,
        String os,
        @JsonProperty("rootfs") Layers layers) {
    static final String MEDIA_TYPE = "application/vnd.docker.container.image.v1+json";

    record Layers(String type, @JsonProperty("diff_ids") List<String> digests) {}

    static OllamaConfig of(GgufHeader header, boolean hasProjector, List<String> layers) {
        String family = header.architecture().orElse("");
        List<String> families = new ArrayList<>(List.of(family));
        if (hasProjector) {
            families.add("clip");
        }
        long parameters = header.entries().stream()
                .mapToLong(entry -> entry.shape().elements())
                .sum();
        return new OllamaConfig(
                "gguf",
                family,
                List.copyOf(families),
                size(parameters),
                header.fileType().orElse("unknown"),
                "amd64",
                "linux",
                new Layers("layers", layers));
    }

    private static String size(long parameters) {
        long unit = parameters >= 1_000_000_000 ? 1_000_000_000 : 1_000_000;
        return String.format(Locale.ROOT, "%.1f%s", (double) parameters / unit, unit == 1_000_000 ? "M" : "B")
                .replace(".0", "");
    }
}
