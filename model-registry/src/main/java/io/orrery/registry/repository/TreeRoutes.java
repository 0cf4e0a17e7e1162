package io.orrery.registry.repository;

import io.orrery.api.hub.LfsFile;
import io.orrery.api.hub.TreeEntry;
import io.orrery.api.hub.TreeEntry.SecurityFileStatus;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import io.orrery.registry.wire.NextPage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Lists files and folders. */
@Component
class TreeRoutes implements HubRoutes {
    /** The Hub's page sizes. */
    private static final int PAGE = 1000;

    private static final int EXPANDED_PAGE = 50;
    private static final int MAX_PATHS = 1000;

    private record PathsInfo(List<String> paths, @Nullable Boolean expand) {}

    private record FolderSize(String path, long size) {}

    private final Repos repos;
    private final Revisions revisions;
    private final Trees trees;
    private final LastCommits lastCommits;
    private final FileSecurity security;
    private final XetNames xetNames;
    private final ContentAccess access;

    TreeRoutes(
            Repos repos,
            Revisions revisions,
            Trees trees,
            LastCommits lastCommits,
            FileSecurity security,
            XetNames xetNames,
            ContentAccess access) {
        this.repos = repos;
        this.revisions = revisions;
        this.trees = trees;
        this.lastCommits = lastCommits;
        this.security = security;
        this.xetNames = xetNames;
        this.access = access;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/api/{type}/{repo}/tree", this::tree),
                HubRoute.read(HttpMethod.GET, "/api/{type}/{repo}/treesize", this::size),
                HubRoute.query("/api/{type}/{repo}/paths-info", this::pathsInfo));
    }

    private ServerResponse tree(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        Revisions.Place place = revisions.split(repo, call.rest());
        Commit commit = revisions.resolve(repo, place.revision());
        boolean expand = call.flag("expand");
        int limit = call.limit(expand ? EXPANDED_PAGE : PAGE, PAGE);
        if (trees.find(commit, place.path()).filter(TreeItem::isFolder).isEmpty()) {
            throw HubProblem.entryNotFound(commit.oid());
        }
        List<TreeItem> items = trees.list(
                commit, place.path(), new Trees.Page(call.flag("recursive"), NextPage.position(call), limit + 1));
        List<TreeItem> page = items.subList(0, Math.min(limit, items.size()));
        ServerResponse.BodyBuilder answer = ServerResponse.ok();
        if (items.size() > limit) {
            answer.header("Link", NextPage.link(call, Trees.position(page.getLast())));
        }
        return answer.body(entries(call, repo, commit, page, expand));
    }

    /** Bytes of all files of a folder. */
    private ServerResponse size(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        Revisions.Place place = revisions.split(repo, call.rest());
        Commit commit = revisions.resolve(repo, place.revision());
        if (trees.find(commit, place.path()).filter(TreeItem::isFolder).isEmpty()) {
            throw HubProblem.entryNotFound(commit.oid());
        }
        long size = trees.list(commit, place.path(), new Trees.Page(true, "", Integer.MAX_VALUE)).stream()
                .flatMap(item -> item.blob().stream())
                .mapToLong(GitBlob::size)
                .sum();
        return ServerResponse.ok().body(new FolderSize("/" + place.path(), size));
    }

    private ServerResponse pathsInfo(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        Commit commit = revisions.resolve(repo, call.revision());
        List<String> paths = call.list("paths");
        boolean expand = call.flag("expand");
        if (!call.hasFormBody()) {
            PathsInfo body = call.body(PathsInfo.class);
            paths = body.paths();
            expand = Boolean.TRUE.equals(body.expand());
        }
        if (paths.size() > MAX_PATHS) {
            throw HubProblem.of(413, "too many parameters: " + paths.size() + " paths, but at most " + MAX_PATHS);
        }
        List<String> wanted = paths.stream()
                .map(path -> path.replaceAll("/+$", ""))
                .filter(path -> !path.isEmpty())
                .distinct()
                .toList();
        return ServerResponse.ok().body(entries(call, repo, commit, trees.findAll(commit, wanted), expand));
    }

    private List<TreeEntry> entries(HubCall call, Repo repo, Commit commit, List<TreeItem> items, boolean expand) {
        Map<String, Commit> last = expand ? lastCommits.of(repo, commit, items) : Map.of();
        Map<String, SecurityFileStatus> statuses = expand ? security.of(items) : Map.of();
        Map<Sha256, String> names = access.isGranted(repo, call.caller()) ? xetNames.of(repo, large(items)) : Map.of();
        return items.stream()
                .map(item -> entry(
                        item,
                        item.blob().flatMap(GitBlob::sha256).map(names::get),
                        Optional.ofNullable(last.get(item.path())),
                        statuses.get(item.path())))
                .toList();
    }

    private static List<Sha256> large(List<TreeItem> items) {
        return items.stream()
                .flatMap(item -> item.blob().filter(GitBlob::lfs).stream())
                .flatMap(blob -> blob.sha256().stream())
                .toList();
    }

    private static TreeEntry entry(
            TreeItem item, Optional<String> xetName, Optional<Commit> last, @Nullable SecurityFileStatus status) {
        Optional<GitBlob> blob = item.blob();
        LfsFile lfs = blob.filter(GitBlob::lfs)
                .map(content -> new LfsFile(content.contentId(), null, content.size(), content.pointer().length))
                .orElse(null);
        return new TreeEntry(
                item.isFolder() ? TreeEntry.DIRECTORY : TreeEntry.FILE,
                item.oid(),
                blob.map(GitBlob::size).orElse(0L),
                item.path(),
                lfs,
                xetName.orElse(null),
                last.map(commit -> new TreeEntry.LastCommit(commit.oid(), commit.title(), commit.at()))
                        .orElse(null),
                status);
    }
}
