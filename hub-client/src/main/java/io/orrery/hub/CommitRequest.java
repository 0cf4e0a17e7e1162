package io.orrery.hub;

import io.orrery.api.hub.RepoType;
import java.util.List;
import java.util.Optional;

/**
 * What to commit in one go.
 *
 * @param repo repository id
 * @param branch a branch that exists; {@code main} always does
 * @param message first line of the commit
 * @param deletions paths of files to remove; one that ends in a slash is a folder
 * @param parentCommit refuses with status 412 where the branch's head is another
 * @param createRepository make the repository first where it is missing
 * @param pullRequest propose the commit instead of making it, where the hub has pull requests
 */
public record CommitRequest(
        RepoType type,
        String repo,
        String branch,
        String message,
        List<Upload> uploads,
        List<String> deletions,
        Optional<String> parentCommit,
        boolean createRepository,
        boolean pullRequest) {
    public CommitRequest {
        uploads = List.copyOf(uploads);
        deletions = List.copyOf(deletions);
    }

    public CommitRequest(RepoType type, String repo, String branch, String message, List<Upload> uploads) {
        this(type, repo, branch, message, uploads, List.of(), Optional.empty(), false, false);
    }

    public CommitRequest creatingRepository() {
        return new CommitRequest(type, repo, branch, message, uploads, deletions, parentCommit, true, pullRequest);
    }

    public CommitRequest deleting(List<String> paths) {
        return new CommitRequest(
                type, repo, branch, message, uploads, paths, parentCommit, createRepository, pullRequest);
    }

    public CommitRequest onTopOf(String commit) {
        return new CommitRequest(
                type, repo, branch, message, uploads, deletions, Optional.of(commit), createRepository, pullRequest);
    }

    public CommitRequest asPullRequest() {
        return new CommitRequest(type, repo, branch, message, uploads, deletions, parentCommit, createRepository, true);
    }
}
