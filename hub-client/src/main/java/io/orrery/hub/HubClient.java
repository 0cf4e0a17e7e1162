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
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub: what it has, snapshots of it, and commits to it. Every method blocks, has a deadline ({@link HubTimeouts}) and throws
 * {@link HubException}. Safe for many threads; the token is asked for at every request, so that it may be short-lived.
 */
public final class HubClient implements AutoCloseable {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");

    private final HubConnection hub;
    private final HubAddresses addresses;

    public HubClient(URI endpoint, Supplier<String> bearerToken) {
        this(endpoint, bearerToken, HubTimeouts.DEFAULT);
    }

    public HubClient(URI endpoint, Supplier<String> bearerToken, HubTimeouts timeouts) {
        this.hub = new HubConnection(bearerToken, timeouts);
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

    /** Repositories whose id contains {@code search}, all of them if that is empty, newest first. */
    public List<RepoInfo> list(RepoType type, String search) {
        String query = search.isEmpty() ? "" : "&search=" + HubAddresses.encode(search);
        return pages(addresses.api("/api/" + type.plural() + "?sort=lastModified&limit=500" + query), RepoInfo[].class);
    }

    /** Files and folders of a revision, all of them. */
    public List<TreeEntry> tree(RepoType type, String repo, String revision) {
        URI first = addresses.atRevision(type, repo, "tree", revision);
        return pages(URI.create(first + "?recursive=true&expand=false"), TreeEntry[].class);
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
        String commit = COMMIT.matcher(revision).matches() ? revision : commitOf(type, repo, revision);
        Path folder = cacheDir.resolve(type.filePrefix() + repo);
        return new SnapshotDownload(hub, folder, commit, progress)
                .fetch(
                        () -> tree(type, repo, commit).stream()
                                .filter(entry -> entry.type().equals(TreeEntry.FILE))
                                .map(RemoteFile::of)
                                .toList(),
                        file -> addresses.resolve(type, repo, commit, file.path()));
    }

    private String commitOf(RepoType type, String repo, String revision) {
        String sha = info(type, repo, revision).sha();
        if (sha == null || !COMMIT.matcher(sha).matches()) {
            throw new HubException(
                    0, HubException.CORRUPT, "The hub gives " + repo + "@" + revision + " the commit '" + sha + "'.");
        }
        return sha;
    }

    /** A file's content as a stream, which the caller closes; reads throw {@link IOException} when it stalls or breaks. */
    public InputStream open(RepoType type, String repo, String revision, String path) {
        return hub.open(addresses.resolve(type, repo, revision, path), 0).body();
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

    /**
     * The same, and tells how much of the large contents has gone.
     *
     * @param progress called on the HTTP client's threads too
     */
    public CommitResult commit(CommitRequest request, Progress progress) {
        if (request.createRepository()) {
            createRepo(request.type(), request.repo(), false, true);
        }
        Optional<CommitResult> made = new CommitUpload(hub, addresses, request, progress).send();
        return made.orElseGet(() -> {
            String head = commitOf(request.type(), request.repo(), request.branch());
            String url = addresses
                    .api("/" + request.type().filePrefix() + request.repo() + "/commit/" + head)
                    .toString();
            return new CommitResult(true, head, url, "");
        });
    }

    private <T> List<T> pages(URI first, Class<T[]> type) {
        List<T> all = new ArrayList<>();
        Optional<URI> next = Optional.of(first);
        while (next.isPresent()) {
            HttpResponse<byte[]> page = hub.get(next.get());
            all.addAll(List.of(hub.parse(next.get(), page.body(), type)));
            next = page.headers()
                    .firstValue("Link")
                    .map(NEXT::matcher)
                    .filter(Matcher::find)
                    .map(link -> URI.create(link.group(1)));
        }
        return all;
    }

    @Override
    public void close() {
        hub.close();
    }
}
