package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A commit that was made, or the head where nothing changed.
 *
 * @param pullRequestUrl where the commit was proposed, not made on the branch; ends in {@code discussions/N}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CommitResult(
        boolean success,
        String commitOid,
        String commitUrl,
        String hookOutput,
        @Nullable String pullRequestUrl) {
    public CommitResult(boolean success, String commitOid, String commitUrl, String hookOutput) {
        this(success, commitOid, commitUrl, hookOutput, null);
    }
}
