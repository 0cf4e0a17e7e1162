package io.orrery.registry.resolve;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.FileContents;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.repository.XetNames;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Answers with files: {@code resolve} gives contents, {@code raw} what git has, which for large files is a pointer. */
@Component
class FileRoutes implements HubRoutes {
    private record Found(Repo repo, Commit commit, TreeItem file, GitBlob blob) {}

    private final Repos repos;
    private final Revisions revisions;
    private final Trees trees;
    private final FileContents contents;
    private final XetNames xetNames;
    private final List<ResolveObserver> observers;

    FileRoutes(
            Repos repos,
            Revisions revisions,
            Trees trees,
            FileContents contents,
            XetNames xetNames,
            List<ResolveObserver> observers) {
        this.repos = repos;
        this.revisions = revisions;
        this.trees = trees;
        this.contents = contents;
        this.xetNames = xetNames;
        this.observers = observers;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/{repo}/resolve", this::resolve),
                HubRoute.read(HttpMethod.HEAD, "/{repo}/resolve", this::resolve),
                HubRoute.read(HttpMethod.GET, "/{repo}/raw", this::raw),
                HubRoute.read(HttpMethod.HEAD, "/{repo}/raw", this::raw));
    }

    private ServerResponse resolve(HubCall call) throws IOException {
        Found found = find(call);
        GitBlob blob = found.blob();
        Optional<XetLinks> links = xetLinks(call, found);
        if (links.isPresent() && links.get().areAskedFor(call)) {
            return links.get().answer(found.commit().oid(), blob);
        }
        observers.forEach(observer -> observer.resolving(call, found.repo(), found.commit(), found.file()));
        return new Download(
                        found.commit().oid(),
                        found.file().path(),
                        blob.contentId(),
                        blob.size(),
                        blob.lfs(),
                        links,
                        stored(call, found))
                .answer(call);
    }

    private Optional<XetLinks> xetLinks(HubCall call, Found found) {
        GitBlob blob = found.blob();
        if (!blob.lfs()) {
            return Optional.empty();
        }
        Sha256 content = blob.sha256().orElseThrow();
        return Optional.ofNullable(xetNames.of(found.repo(), List.of(content)).get(content))
                .map(hash ->
                        XetLinks.of(call.baseUrl(), found.repo(), found.commit().oid(), hash));
    }

    private ServerResponse raw(HubCall call) throws IOException {
        Found found = find(call);
        GitBlob blob = found.blob();
        RangedAnswer.Source source =
                blob.lfs() ? new RangedAnswer.Source.InMemory(blob.pointer()) : stored(call, found);
        long size = blob.lfs() ? blob.pointer().length : blob.size();
        return new Download(
                        found.commit().oid(), found.file().path(), blob.oid(), size, false, Optional.empty(), source)
                .answer(call);
    }

    /** Whoever asks for headers alone needs no content, which may have to be fetched from far away. */
    private RangedAnswer.Source stored(HubCall call, Found found) throws IOException {
        return call.isHead()
                ? new RangedAnswer.Source.Unread()
                : new RangedAnswer.Source.Stored(
                        contents.open(found.repo(), found.commit(), found.file().path(), found.blob()));
    }

    private Found find(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        contents.requireReader(repo, call.caller());
        Commit commit = revisions.resolve(repo, call.revision());
        TreeItem file = trees.find(commit, call.pathAfterRevision())
                .filter(item -> !item.isFolder())
                .orElseThrow(() -> HubProblem.entryNotFound(commit.oid()));
        return new Found(repo, commit, file, file.blob().orElseThrow());
    }
}
