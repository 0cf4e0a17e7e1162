package io.orrery.registry.hubcache;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.hubcache.CachedRepo.Ref;
import io.orrery.registry.hubcache.CachedRepo.Skip;
import io.orrery.registry.hubcache.CachedRepo.Snapshot;
import io.orrery.registry.mirror.HandedOver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A cache of {@code huggingface_hub}: {@code models--owner--name} with {@code refs/main} holding a commit, {@code snapshots/COMMIT/path}
 * linking to {@code blobs/HASH}, or being the file itself where the system has no links. Source: huggingface_hub, file_download.py.
 *
 * @param root without links in its path; nothing outside of it is read
 */
record HubCache(Path root) {
    private static final Pattern FOLDER = Pattern.compile("(models|datasets|spaces)--(.{1,250})");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int MOST_REPOSITORIES = 20_000;
    private static final int MOST_SNAPSHOTS = 2_000;
    private static final int MOST_REFS = 2_000;
    private static final int REF_DEPTH = 8;
    private static final int REF_BYTES = 100;

    /** The folders of repositories, sorted. */
    List<Path> repositories() throws IOException {
        return children(root, MOST_REPOSITORIES).stream()
                .filter(folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
                .filter(folder ->
                        FOLDER.matcher(folder.getFileName().toString()).matches())
                .toList();
    }

    /** The id that a folder is named after, whether or not it is one. */
    static String name(Path folder) {
        Matcher parts = FOLDER.matcher(folder.getFileName().toString());
        return parts.matches() ? parts.group(2).replace("--", "/") : "";
    }

    private static RepoType type(Path folder) {
        return Arrays.stream(RepoType.values())
                .filter(type -> folder.getFileName().toString().startsWith(type.plural() + "--"))
                .findFirst()
                .orElseThrow();
    }

    CachedRepo read(Path folder) throws IOException {
        List<Skip> skipped = new ArrayList<>();
        String name = name(folder);
        if (!HandedOver.isName(name)) {
            skipped.add(new Skip(folder.getFileName().toString(), "it is named after no repository"));
            return new CachedRepo(type(folder), name, List.of(), List.of(), skipped);
        }
        unfinished(folder.resolve("blobs"), skipped);
        List<Snapshot> snapshots = snapshots(folder, skipped);
        return new CachedRepo(type(folder), name, refs(folder, snapshots, skipped), snapshots, skipped);
    }

    private List<Snapshot> snapshots(Path folder, List<Skip> skipped) throws IOException {
        Path snapshots = folder.resolve("snapshots");
        List<Snapshot> found = new ArrayList<>();
        for (Path snapshot : existing(snapshots, MOST_SNAPSHOTS)) {
            String commit = snapshot.getFileName().toString();
            if (!COMMIT.matcher(commit).matches() || !Files.isDirectory(snapshot, LinkOption.NOFOLLOW_LINKS)) {
                skipped.add(skip(snapshot, "a snapshot is a folder named after a commit, 40 hex digits"));
                continue;
            }
            SnapshotWalk walk = new SnapshotWalk(root, folder, snapshot, why -> skipped.add(why));
            found.add(new Snapshot(commit, Files.getLastModifiedTime(snapshot).toInstant(), walk.files()));
        }
        return found;
    }

    /** Refs may have slashes: those of pull requests are {@code refs/refs/pr/1}. */
    private List<Ref> refs(Path folder, List<Snapshot> snapshots, List<Skip> skipped) throws IOException {
        Path refs = folder.resolve("refs");
        List<Ref> found = new ArrayList<>();
        if (!Files.isDirectory(refs, LinkOption.NOFOLLOW_LINKS)) {
            return found;
        }
        try (Stream<Path> files = Files.walk(refs, REF_DEPTH)) {
            for (Path file : files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .limit(MOST_REFS)
                    .toList()) {
                ref(refs, file, snapshots)
                        .ifPresentOrElse(
                                found::add, () -> skipped.add(skip(file, "it names no commit that was downloaded")));
            }
        }
        return found;
    }

    private static Optional<Ref> ref(Path refs, Path file, List<Snapshot> snapshots) throws IOException {
        if (Files.size(file) > REF_BYTES) {
            return Optional.empty();
        }
        String commit = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        String name = refs.relativize(file).toString().replace('\\', '/');
        return snapshots.stream().map(Snapshot::commit).anyMatch(commit::equals)
                ? Optional.of(
                        new Ref(name, commit, Files.getLastModifiedTime(file).toInstant()))
                : Optional.empty();
    }

    private void unfinished(Path blobs, List<Skip> skipped) throws IOException {
        for (Path blob : existing(blobs, SnapshotWalk.MOST_FILES)) {
            if (blob.getFileName().toString().endsWith(".incomplete")) {
                skipped.add(skip(blob, "its download has not ended"));
            }
        }
    }

    private Skip skip(Path path, String why) {
        return new Skip(root.relativize(path).toString(), why);
    }

    private static List<Path> existing(Path folder, int most) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) ? children(folder, most) : List.of();
    }

    private static List<Path> children(Path folder, int most) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            List<Path> found = children.limit(most + 1L).sorted().toList();
            if (found.size() > most) {
                throw new IOException(folder + " has more than " + most + " entries, which no cache has");
            }
            return found;
        }
    }
}
