package io.orrery.registry.repository;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that happened to a repository; published inside the transaction that does it, so that listeners join it. */
public sealed interface RepoEvent {
    Repo repo();

    String actor();

    /** A repository was made; its first commit follows. */
    record Created(Repo repo, String actor) implements RepoEvent {}

    /** A repository goes with all its revisions. */
    record Deleted(Repo repo, String actor) implements RepoEvent {}

    /** A repository, named as it was, has another name. */
    record Moved(Repo repo, String actor, String to) implements RepoEvent {}

    /** Settings have other values. */
    record SettingsChanged(Repo repo, String actor, Map<String, Object> changes) implements RepoEvent {
        public SettingsChanged {
            changes = Map.copyOf(changes);
        }
    }

    /** Somebody asked to read contents, was let in or was refused. */
    record AccessChanged(Repo repo, String actor, String user, String status) implements RepoEvent {}

    /** A branch has a new commit. */
    record Committed(Repo repo, String actor, String ref, Commit commit) implements RepoEvent {}

    /**
     * Commits were written again, without something that is to be forgotten.
     *
     * @param forgotten hashes of contents
     * @param commits what became of each that is gone, by the ids
     */
    record Rewritten(
            Repo repo,
            String actor,
            List<String> forgotten,
            @JsonIgnore Map<String, String> commits) implements RepoEvent {
        public Rewritten {
            forgotten = List.copyOf(forgotten);
            commits = Map.copyOf(commits);
        }
    }

    /** A branch or tag was made, moved or, without a target, removed. */
    record RefChanged(Repo repo, String actor, String ref, Optional<String> target) implements RepoEvent {}
}
