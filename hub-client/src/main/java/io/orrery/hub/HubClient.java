package io.orrery.hub;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.CreateRepoRequest;
import io.orrery.api.hub.CreatedRepo;
import io.orrery.api.hub.DeleteRepoRequest;
import io.orrery.api.hub.HistoryEntry;
import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoRefs;
import io.orrery.api.hub.RepoType;
import io.orrery.api.hub.TreeEntry;
import io.orrery.api.hub.WhoAmI;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A hub: what it has, snapshots of it, and commits to it. Every method blocks, has a deadline ({@link HubTimeouts}) and throws
 * {@link HubException}. Safe for many threads; the token is asked for at every request, so that it may be short-lived.
 */
public final class HubClient implements AutoCloseable {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private static final int MOST_PATHS = 1000;

    private final HubConnection hub;
    private final HubAddresses addresses;

    public HubClient(URI endpoint, Supplier<String> bearerToken) {
        this(endpoint, bearerToken, HubTimeouts.DEFAULT);
    }

    public HubClient(URI endpoint, Supplier<String> bearerToken, HubTimeouts timeouts) {
        this(endpoint, bearerToken, timeouts, Retries.DEFAULT);
    }

    /** @param bearerToken gives an empty one where nobody is named */
    public HubClient(URI endpoint, Supplier<String> bearerToken, HubTimeouts timeouts, Retries retries) {
        this.hub = new HubConnection(endpoint, bearerToken, timeouts, retries);
        this.addresses = new HubAddresses(endpoint);
    }

    /** A model at a branch, tag or commit. */
    public RepoInfo info(String repo, String revision) {
        return info(RepoType.MODEL, repo, revision);
    }

    /** A repository at a branch, tag or commit. */
    public RepoInfo info(RepoType type, String repo, String revision) {
        return hub.get(addresses.atRevision(type, repo, "revision", revision), RepoInfo.class);
    }

    /** A repository at a revision, with the size and hash of each file. */
    public RepoInfo infoWithFiles(RepoType type, String repo, String revision) {
        return hub.get(
                URI.create(addresses.atRevision(type, repo, "revision", revision) + "?blobs=true"), RepoInfo.class);
    }

    /** The 40-hex commit that a branch, tag or commit is now. */
    public String resolve(RepoType type, String repo, String revision) {
        if (COMMIT.matcher(revision).matches()) {
            return revision;
        }
        String sha = info(type, repo, revision).sha();
        if (sha == null || !COMMIT.matcher(sha).matches()) {
            throw new HubException(
                    0, HubException.CORRUPT, "The hub gives " + repo + "@" + revision + " the commit '" + sha + "'.");
        }
        return sha;
    }

    /** Repositories whose id contains {@code search}, all of them if that is empty, newest first. */
    public List<RepoInfo> list(RepoType type, String search) {
        return list(RepoQuery.of(type, search));
    }

    public List<RepoInfo> list(RepoQuery query) {
        URI first = addresses.api("/api/" + query.type().plural() + query.query());
        return new HubPages(hub).all(first, RepoInfo[].class, query.limit());
    }

    /** Files and folders of a revision, all of them. */
    public List<TreeEntry> tree(RepoType type, String repo, String revision) {
        return tree(type, repo, revision, "", false);
    }

    /**
     * Files and folders under a folder, all of them.
     *
     * @param folder empty for the root
     * @param withLastCommits each entry tells which commit changed it last
     */
    public List<TreeEntry> tree(RepoType type, String repo, String revision, String folder, boolean withLastCommits) {
        URI tree = addresses.atRevision(type, repo, "tree", revision);
        String under = folder.isEmpty() ? "" : "/" + HubAddresses.segments(folder);
        URI first = URI.create(tree + under + "?recursive=true&expand=" + withLastCommits);
        return new HubPages(hub).all(first, TreeEntry[].class, OptionalInt.empty());
    }

    /** Branches and tags. */
    public RepoRefs refs(RepoType type, String repo) {
        return hub.get(addresses.repository(type, repo, "/refs"), RepoRefs.class);
    }

    /** The newest commits of a revision. */
    public List<HistoryEntry> commits(RepoType type, String repo, String revision, int limit) {
        URI uri = addresses.atRevision(type, repo, "commits", revision);
        return List.of(hub.get(URI.create(uri + "?limit=" + limit), HistoryEntry[].class));
    }

    /** Whom the token names. */
    public WhoAmI whoAmI() {
        return hub.get(addresses.api("/api/whoami-v2"), WhoAmI.class);
    }

    /** A model's snapshot; see {@link #snapshot(RepoType, String, String, Path, Progress)}. */
    public Path snapshot(String repo, String revision, Path cacheDir, Progress progress) {
        return snapshot(RepoType.MODEL, repo, revision, cacheDir, progress);
    }

    /**
     * The folder {@code cacheDir/REPO/COMMIT} with all files of a revision (a data set's is under {@code cacheDir/datasets}). Only contents
     * that no earlier snapshot has are downloaded, resumed where an earlier try ended, and checked by hash and size. The folder is there only
     * when whole. Threads and processes may ask for the same snapshot at once: one downloads, the others wait. A commit that is
     * there costs no request. The files are linked between snapshots: do not write into them.
     */
    public Path snapshot(RepoType type, String repo, String revision, Path cacheDir, Progress progress) {
        return snapshot(new DownloadRequest(type, repo, revision), cacheDir, progress.asListener());
    }

    /** The same, over as many connections as are asked for; what is wanted is always everything. */
    public Path snapshot(DownloadRequest request, Path cacheDir, Consumer<HubEvent> listener) {
        String commit = resolve(request.type(), request.repo(), request.revision());
        Path folder = cacheDir.resolve(request.type().filePrefix() + request.repo());
        return new SnapshotDownload(hub, folder, commit, request, listener)
                .fetch(() -> files(request, commit), addresses.contents(request, commit));
    }

    /**
     * Downloads what is wanted of a revision into a folder, beside what else is there. Files that are here as the hub has them are left
     * alone; the others come resumed, checked by hash and size, and each appears under its name only when whole.
     *
     * @return the commit
     */
    public String download(DownloadRequest request, Path folder, Consumer<HubEvent> listener) {
        String commit = resolve(request.type(), request.repo(), request.revision());
        List<RemoteFile> files = files(request, commit).stream()
                .filter(file -> request.wanted().test(file.path()))
                .toList();
        new FolderDownload(hub, folder.toAbsolutePath(), request, listener)
                .fetch(files, addresses.contents(request, commit));
        return commit;
    }

    private List<RemoteFile> files(DownloadRequest request, String commit) {
        return tree(request.type(), request.repo(), commit).stream()
                .filter(entry -> entry.type().equals(TreeEntry.FILE))
                .map(RemoteFile::of)
                .toList();
    }

    /** A file's content as a stream, which the caller closes; reads throw {@link IOException} when it stalls or breaks. */
    public InputStream open(RepoType type, String repo, String revision, String path) {
        return hub.open(addresses.resolve(type, repo, revision, path), Optional.empty())
                .body();
    }

    /** A small file's content; one that is larger than {@code maxBytes} is refused. */
    public byte[] read(RepoType type, String repo, String revision, String path, int maxBytes) {
        try (InputStream in = open(type, repo, revision, path)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new HubException(
                        0, HubException.LOCAL, path + " in " + repo + " is larger than " + maxBytes + " bytes.");
            }
            return bytes;
        } catch (IOException e) {
            throw HubException.local("Could not read " + path + " of " + repo + ": " + e.getMessage(), e);
        }
    }

    /** What is at some paths of a revision; those that are not there are left out. */
    public List<TreeEntry> paths(RepoType type, String repo, String revision, List<String> paths) {
        URI uri = addresses.atRevision(type, repo, "paths-info", revision);
        return Batches.of(paths, MOST_PATHS).stream()
                .flatMap(batch ->
                        Stream.of(hub.post(uri, Map.of("paths", batch), "application/json", TreeEntry[].class)))
                .toList();
    }

    /** Makes a branch where {@code main} is. */
    public void createBranch(RepoType type, String repo, String branch) {
        hub.post(addresses.atRevision(type, repo, "branch", branch), Map.of(), "application/json");
    }

    /** Makes a repository; one that exists is an error with status 409 unless {@code existOk}. Returns its address. */
    public URI createRepo(RepoType type, String repo, boolean isPrivate, boolean existOk) {
        int slash = repo.indexOf('/');
        CreateRepoRequest request = CreateRepoRequest.of(
                repo.substring(slash + 1), slash < 0 ? null : repo.substring(0, slash), type, isPrivate);
        try {
            return URI.create(
                    hub.post(addresses.api("/api/repos/create"), request, "application/json", CreatedRepo.class)
                            .url());
        } catch (HubException e) {
            if (existOk && e.status() == 409) {
                return addresses.api("/" + type.filePrefix() + HubAddresses.segments(repo));
            }
            throw e;
        }
    }

    /** Deletes a repository with all its revisions. */
    public void deleteRepo(RepoType type, String repo) {
        int slash = repo.indexOf('/');
        hub.delete(
                addresses.api("/api/repos/delete"),
                new DeleteRepoRequest(
                        repo.substring(slash + 1), slash < 0 ? null : repo.substring(0, slash), type.value()));
    }

    /** Commits files to a branch of a repository that exists; see {@link #commit(CommitRequest)}. */
    public CommitResult commit(String repo, RepoType type, String branch, String message, List<Upload> uploads) {
        return commit(new CommitRequest(type, repo, branch, message, uploads));
    }

    /**
     * Uploads and commits, all or nothing. Large contents are streamed from the disk and skipped where the repository has them. Where
     * nothing changes no commit is made, and the branch's head is returned.
     */
    public CommitResult commit(CommitRequest request) {
        return commit(request, Progress.SILENT);
    }

    /** The same, and tells how much of the large contents has gone. */
    public CommitResult commit(CommitRequest request, Progress progress) {
        return commit(request, DownloadRequest.CONNECTIONS, progress.asListener());
    }

    /** @param connections over which large contents go at once */
    public CommitResult commit(CommitRequest request, int connections, Consumer<HubEvent> listener) {
        if (request.createRepository()) {
            createRepo(request.type(), request.repo(), false, true);
        }
        Optional<CommitResult> made = new CommitUpload(hub, addresses, request, connections, listener).send();
        return made.orElseGet(() -> {
            String head = resolve(request.type(), request.repo(), request.branch());
            String url = addresses
                    .api("/" + request.type().filePrefix() + request.repo() + "/commit/" + head)
                    .toString();
            return new CommitResult(true, head, url, "");
        });
    }

    @Override
    public void close() {
        hub.close();
    }
}
