package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A repository at a revision. Listings leave out what was not asked for, so that most of it may be absent.
 *
 * @param internalId 24 hex digits that stay when the repository is renamed
 * @param sha 40-hex commit that the revision resolved to
 * @param gated {@code false}, {@code "auto"} or {@code "manual"}
 * @param cardData front matter of README.md
 * @param config excerpt of config.json: {@code model_type}, {@code architectures}
 * @param inspection what this registry found in the headers of the files
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepoInfo(
        @JsonProperty("_id") String internalId,
        String id,
        @Nullable String modelId,
        @Nullable String author,
        @Nullable String sha,
        @Nullable Instant lastModified,
        @Nullable Instant createdAt,
        @JsonProperty("private") boolean isPrivate,
        @Nullable Object gated,
        boolean disabled,
        long downloads,
        long likes,
        List<String> tags,
        @JsonProperty("pipeline_tag") @Nullable String pipelineTag,
        @JsonProperty("library_name") @Nullable String libraryName,
        @Nullable Long usedStorage,
        @Nullable Map<String, Object> cardData,
        @Nullable List<String> spaces,
        @Nullable List<Sibling> siblings,
        @Nullable Map<String, Object> config,
        @Nullable SafetensorsFacts safetensors,
        @Nullable GgufFacts gguf,
        @Nullable Inspection inspection) {

    @SuppressWarnings("NullAway") // a listing may leave the tags out
    public RepoInfo {
        tags = tags == null ? List.of() : List.copyOf(tags);
    }

    /**
     * A file of the revision.
     *
     * @param blobId git's hash, only on request, as are {@code size} and {@code lfs}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Sibling(
            String rfilename,
            @Nullable Long size,
            @Nullable String blobId,
            @Nullable LfsFile lfs) {}

    /**
     * Parameters by data type over the safetensors files of a model.
     *
     * @param parameters number of elements under {@code F32}, {@code BF16}...
     */
    public record SafetensorsFacts(Map<String, Long> parameters, long total) {}

    /**
     * What a GGUF file says about itself.
     *
     * @param total number of parameters
     * @param contextLength tokens it was trained for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GgufFacts(
            long total,
            @Nullable String architecture,
            @JsonProperty("context_length") @Nullable Long contextLength,
            @Nullable String quantization) {}

    /**
     * What this registry found that the Hub has no name for.
     *
     * @param findings files that could not be read, or that should be others
     * @param lineage where the model comes from
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Inspection(
            List<Finding> findings,
            List<Ancestor> lineage,
            @Nullable Profile profile) {}

    /**
     * What a repository is, in the values that it is searched by.
     *
     * @param family {@code model_type}, or GGUF's architecture, or the class of a pipeline
     * @param parameters all of them, each of several that are packed into a number counted
     * @param dtype the data type that most elements have
     * @param quantizations such as {@code gptq-4bit}, or {@code Q4_K_M} of each GGUF file
     * @param contextLength tokens
     * @param license as the card names it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Profile(
            @Nullable String family,
            @Nullable Long parameters,
            @Nullable String dtype,
            List<String> quantizations,
            @JsonProperty("context_length") @Nullable Long contextLength,
            @Nullable String license) {
        public Profile {
            quantizations = List.copyOf(quantizations);
        }
    }

    /** A file whose header is broken, in a sentence. */
    public record Finding(String path, String message) {}

    /**
     * A repository that this one was made from.
     *
     * @param relation {@code base_model}, {@code adapter}, {@code finetune}, {@code quantized}, {@code merge} or {@code dataset}
     * @param revision commit or branch where it is known
     * @param source the file that says so
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ancestor(
            String repo, String relation, @Nullable String revision, String source) {}
}
