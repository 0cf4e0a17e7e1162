package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A conversion, as far as it has come.
 *
 * @param state {@code queued}, {@code running}, {@code succeeded}, {@code failed} or {@code cancelled}
 * @param kind one of the constants of {@link ConversionRequest}
 * @param target id of the repository that gets the result
 * @param isPrivate whether the target is made private
 * @param attempt how often a worker has begun it
 * @param commit 40-hex of the target, once it is there
 * @param error why it failed, or why it is tried again, in a sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Conversion(
        String id,
        String state,
        String kind,
        @Nullable String type,
        Origin source,
        String target,
        @JsonProperty("private") boolean isPrivate,
        String createdBy,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        int attempt,
        Progress progress,
        @Nullable String commit,
        @Nullable String error) {
    private static final Set<String> ENDS = Set.of("succeeded", "failed", "cancelled");

    /**
     * What is read.
     *
     * @param commit 40-hex that the revision named when it was asked for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Origin(
            String repo, String commit, @Nullable String file) {}

    /**
     * How far the run in hand is; the totals are 0 while they are unknown.
     *
     * @param stage {@code reading}, {@code converting} or {@code publishing}; empty before
     */
    public record Progress(String stage, int tensors, int totalTensors, long bytes, long totalBytes) {}

    /** Whether nothing more will happen to it. */
    public boolean hasEnded() {
        return ENDS.contains(state);
    }

    public boolean hasSucceeded() {
        return state.equals("succeeded");
    }
}
