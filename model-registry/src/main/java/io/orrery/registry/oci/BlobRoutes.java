package io.orrery.registry.oci;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.oci.MadeContents.Document;
import io.orrery.registry.oci.MadeContents.FileLayer;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.FileContents;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.resolve.RangedAnswer;
import io.orrery.registry.resolve.ResolveObserver;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Layers: the contents that a manifest of this repository names, and no others, whoever knows their digests. */
@Component
class BlobRoutes implements HubRoutes {
    private final Repos repos;
    private final Revisions revisions;
    private final Trees trees;
    private final FileContents contents;
    private final MadeContents made;
    private final List<ResolveObserver> observers;

    BlobRoutes(
            Repos repos,
            Revisions revisions,
            Trees trees,
            FileContents contents,
            MadeContents made,
            List<ResolveObserver> observers) {
        this.repos = repos;
        this.revisions = revisions;
        this.trees = trees;
        this.contents = contents;
        this.made = made;
        this.observers = observers;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/v2/{repo}/blobs", this::blob),
                HubRoute.read(HttpMethod.HEAD, "/v2/{repo}/blobs", this::blob));
    }

    private ServerResponse blob(HubCall call) throws IOException {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        contents.requireReader(repo, call.caller());
        Sha256 digest = Digests.parse(Digests.reference(call));
        observe(call, repo, digest);
        return answer(call, repo, digest);
    }

    private void observe(HubCall call, Repo repo, Sha256 digest) {
        made.file(repo.id(), digest).ifPresent(layer -> {
            Commit commit = revisions.resolve(repo, layer.commit());
            observers.forEach(observer -> observer.resolving(call, repo, commit, item(commit, layer)));
        });
    }

    private ServerResponse answer(HubCall call, Repo repo, Sha256 digest) throws IOException {
        Optional<Document> document = made.document(repo.id(), digest);
        if (document.isPresent()) {
            byte[] content = document.get().content();
            return answer(call, digest, content.length, new RangedAnswer.Source.InMemory(content));
        }
        FileLayer layer = made.file(repo.id(), digest)
                .orElseThrow(() -> HubProblem.of(404, "No manifest of " + repo.name() + " names this blob"));
        return answer(call, digest, layer.size(), source(call, repo, layer));
    }

    private RangedAnswer.Source source(HubCall call, Repo repo, FileLayer layer) throws IOException {
        if (call.isHead()) {
            return new RangedAnswer.Source.Unread();
        }
        Commit commit = revisions.resolve(repo, layer.commit());
        return new RangedAnswer.Source.Stored(contents.open(
                repo, commit, layer.path(), item(commit, layer).blob().orElseThrow()));
    }

    private TreeItem item(Commit commit, FileLayer layer) {
        return trees.find(commit, layer.path()).orElseThrow(() -> HubProblem.entryNotFound(commit.oid()));
    }

    private static ServerResponse answer(HubCall call, Sha256 digest, long size, RangedAnswer.Source source) {
        String name = Manifest.digest(digest);
        return new RangedAnswer('"' + name + '"', size, source)
                .to(
                        call,
                        headers -> headers.header("Docker-Content-Digest", name)
                                .contentType(MediaType.APPLICATION_OCTET_STREAM));
    }
}
