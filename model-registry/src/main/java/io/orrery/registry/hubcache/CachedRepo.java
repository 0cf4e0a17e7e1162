package io.orrery.registry.hubcache;

import io.orrery.api.hub.RepoType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a cache has of a repository.
 *
 * @param skipped what is there and cannot be used
 */
record CachedRepo(RepoType type, String name, List<Ref> refs, List<Snapshot> snapshots, List<Skip> skipped) {
    CachedRepo {
        refs = List.copyOf(refs);
        snapshots = List.copyOf(snapshots);
        skipped = List.copyOf(skipped);
    }

    /** What a branch or tag named when it was downloaded. */
    record Ref(String revision, String commit, Instant at) {}

    /** A commit, with those of its files that were downloaded. */
    record Snapshot(String commit, Instant at, List<CachedFile> files) {
        Snapshot {
            files = List.copyOf(files);
        }
    }

    /**
     * A file of a snapshot.
     *
     * @param content where its bytes are, which is no link
     * @param hash that the content is known by, sha256 or git's; empty in caches without links, which tell none
     */
    record CachedFile(String path, Path content, long size, Optional<String> hash) {}

    /** Something that is left out. */
    record Skip(String path, String why) {}

    int files() {
        return snapshots.stream().mapToInt(snapshot -> snapshot.files().size()).sum();
    }

    /** Of contents that several snapshots share only once. */
    long bytes() {
        return snapshots.stream()
                .flatMap(snapshot -> snapshot.files().stream())
                .collect(Collectors.toMap(CachedFile::content, CachedFile::size, (one, same) -> one))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
