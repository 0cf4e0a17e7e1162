package io.orrery.registry.inspection;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.orrery.api.hub.RepoInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a commit say about it together.
 *
 * @param tags from the card, the library, the formats and the ancestors
 * @param details the rest, as infos show it
 */
public record CommitFacts(
        List<String> tags, Optional<String> pipelineTag, Optional<String> libraryName, Details details) {
    public CommitFacts {
        tags = List.copyOf(tags);
    }

    /** The parts that are only shown, never searched. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Details(
            @Nullable Map<String, Object> cardData,
            @Nullable Map<String, Object> config,
            RepoInfo.@Nullable SafetensorsFacts safetensors,
            RepoInfo.@Nullable GgufFacts gguf,
            RepoInfo.Inspection inspection) {}
}
