package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Words about a repository, or, as a pull request, commits that are proposed for its {@code main}. Lists leave out what is under
 * {@code events} and after.
 *
 * @param num counts from 1 in each repository
 * @param status {@code draft}, {@code open}, {@code closed} or {@code merged}
 * @param filesWithConflicts paths that both sides changed; of pull requests alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Discussion(
        int num,
        String title,
        String status,
        User author,
        Repository repo,
        boolean isPullRequest,
        Instant createdAt,
        boolean pinned,
        int numComments,
        @Nullable List<Event> events,
        @Nullable Changes changes,
        @Nullable List<String> filesWithConflicts) {
    /** The same with what lists leave out. */
    public Discussion with(List<Event> events, @Nullable Changes changes, @Nullable List<String> filesWithConflicts) {
        return new Discussion(
                num,
                title,
                status,
                author,
                repo,
                isPullRequest,
                createdAt,
                pinned,
                numComments,
                events,
                changes,
                filesWithConflicts);
    }

    /** Somebody, as people call them, or by the name that tokens have where that is not known. */
    public record User(String name, String fullname, String type) {
        public static User of(String name) {
            return new User(name, name, "user");
        }
    }

    public record Repository(String name, String type) {}

    /**
     * What a pull request is for.
     *
     * @param base {@code refs/heads/main}
     * @param mergeCommitId the commit by which it was merged
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Changes(String base, @Nullable String mergeCommitId) {}

    /**
     * Something that happened, oldest first.
     *
     * @param id hexadecimal
     * @param type {@code comment}, {@code status-change}, {@code title-change} or {@code commit}
     * @param data what happened; its keys depend on the type
     */
    public record Event(String id, String type, Instant createdAt, User author, Map<String, ?> data) {}

    /** Page of a list: clients ask on as long as {@code start} and the page's length are less than {@code count}. */
    public record Page(List<Discussion> discussions, int count, int start, int numClosedDiscussions) {}
}
