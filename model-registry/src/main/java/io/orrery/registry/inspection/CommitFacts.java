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
 * @param profile the values that are searched by comparison
 * @param details the rest, as infos show it
 */
public record CommitFacts(
        List<String> tags,
        Optional<String> pipelineTag,
        Optional<String> libraryName,
        RepoInfo.Profile profile,
        Details details) {
    public CommitFacts {
        tags = List.copyOf(tags);
    }

    /** What the registry found that the Hub has no name for. */
    public RepoInfo.Inspection inspection() {
        return new RepoInfo.Inspection(details.findings(), details.lineage(), profile);
    }

    /** The parts that are only shown, never searched. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Details(
            @Nullable Map<String, Object> cardData,
            @Nullable Map<String, Object> config,
            RepoInfo.@Nullable SafetensorsFacts safetensors,
            RepoInfo.@Nullable GgufFacts gguf,
            List<RepoInfo.Finding> findings,
            List<RepoInfo.Ancestor> lineage) {
        @SuppressWarnings("NullAway") // rows that are to be collected again may lack the lists
        public Details {
            findings = findings == null ? List.of() : List.copyOf(findings);
            lineage = lineage == null ? List.of() : List.copyOf(lineage);
        }
    }
}
