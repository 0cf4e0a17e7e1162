package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The named revisions of a repository; pull requests only on request. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepoRefs(
        List<Ref> branches,
        List<Ref> converts,
        List<Ref> tags,
        @Nullable List<Ref> pullRequests) {
    /** A name such as {@code main}, its full form {@code refs/heads/main}, and the 40-hex commit. */
    public record Ref(String name, String ref, String targetCommit) {}
}
