package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a repository was made of, and what was made of it, as far as the caller may see.
 *
 * @param sha 40-hex commit of the repository itself; of all others the newest commit of {@code main} speaks
 * @param ancestors nearest first
 * @param descendants nearest first
 * @param hidden repositories that the caller may not see
 * @param truncated whether there is more than was followed
 */
public record RepoLineage(
        String id,
        RepoType type,
        String sha,
        List<Edge> ancestors,
        List<Edge> descendants,
        Hidden hidden,
        boolean truncated) {
    public RepoLineage {
        ancestors = List.copyOf(ancestors);
        descendants = List.copyOf(descendants);
    }

    /**
     * A step further away from the repository.
     *
     * @param id of the ancestor or descendant
     * @param internalId absent where this registry does not have it
     * @param of from where the step goes: the repository itself, or one that is nearer to it
     * @param relation of the younger to the older: {@code adapter}, {@code finetune}, {@code merge}, {@code quantized}, {@code dataset}
     * @param revision of the older, where it is known
     * @param source the file of the younger that says so
     * @param depth 1 next to the repository
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Edge(
            String id,
            RepoType type,
            @Nullable String internalId,
            String of,
            String relation,
            @Nullable String revision,
            String source,
            int depth) {}

    /** Numbers of repositories that are there and not named. */
    public record Hidden(int ancestors, int descendants) {}
}
