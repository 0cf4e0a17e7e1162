package io.orrery.hub;

import io.orrery.api.hub.RepoType;
import java.util.function.Predicate;

/**
 * What to download of a repository, and how.
 *
 * @param revision branch, tag or commit
 * @param wanted whether the file at a path is
 * @param connections at once; a large file uses all of them too
 * @param partLength bytes of a large file that are asked for at once
 */
public record DownloadRequest(
        RepoType type, String repo, String revision, Predicate<String> wanted, int connections, long partLength) {
    public static final int CONNECTIONS = 4;

    /** Short enough to be shared out, long enough that asking for it costs nothing. */
    private static final long PART = 64L << 20;

    public DownloadRequest {
        if (connections < 1 || partLength < 1) {
            throw new IllegalArgumentException(
                    "nothing is downloaded over " + connections + " connections in parts of " + partLength + " bytes");
        }
    }

    public DownloadRequest(RepoType type, String repo, String revision) {
        this(type, repo, revision, _ -> true, CONNECTIONS, PART);
    }

    public DownloadRequest wanting(Predicate<String> paths) {
        return new DownloadRequest(type, repo, revision, paths, connections, partLength);
    }

    public DownloadRequest over(int connections) {
        return new DownloadRequest(type, repo, revision, wanted, connections, partLength);
    }

    DownloadRequest inPartsOf(long bytes) {
        return new DownloadRequest(type, repo, revision, wanted, connections, bytes);
    }
}
