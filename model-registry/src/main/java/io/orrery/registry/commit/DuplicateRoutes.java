package io.orrery.registry.commit;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.lfs.LfsObjects;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.ContentAccess;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.NewRepos;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.RepoName;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.repository.Visibility;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Makes repositories that begin with the files of another's {@code main}; contents are shared, not copied. */
@Component
class DuplicateRoutes implements HubRoutes {
    /** Clients ask for the private copy of a public repository with either key. */
    private record Body(
            @Nullable String repository,
            @Nullable String visibility,
            @JsonProperty("private") @Nullable Boolean isPrivate) {}

    private final Repos repos;
    private final NewRepos newRepos;
    private final Revisions revisions;
    private final Trees trees;
    private final Contents contents;
    private final ContentAccess access;
    private final LfsObjects objects;

    DuplicateRoutes(
            Repos repos,
            NewRepos newRepos,
            Revisions revisions,
            Trees trees,
            Contents contents,
            ContentAccess access,
            LfsObjects objects) {
        this.repos = repos;
        this.newRepos = newRepos;
        this.revisions = revisions;
        this.trees = trees;
        this.contents = contents;
        this.access = access;
        this.objects = objects;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(HubRoute.write(HttpMethod.POST, "/api/{type}/{repo}/duplicate", this::duplicate));
    }

    private ServerResponse duplicate(HubCall call) throws IOException {
        Repo from = repos.get(call.type(), call.repo(), call.caller());
        access.require(from, call.caller());
        Body body = call.hasBody() ? call.body(Body.class) : new Body(null, null, null);
        String name =
                body.repository() == null ? from.name().substring(from.name().indexOf('/') + 1) : body.repository();
        NewRepos.Wanted wanted = new NewRepos.Wanted(
                from.type(),
                RepoName.of(Optional.empty(), name, call.caller()),
                Visibility.isPrivate(body.visibility(), body.isPrivate()).orElse(from.isPrivate()),
                "Duplicate from " + from.name());
        List<TreeItem> files = trees.files(revisions.resolve(from, "HEAD"));
        return newRepos.make(call, wanted, () -> changes(from, files), made -> give(made, files, call));
    }

    private List<Change> changes(Repo from, List<TreeItem> files) throws IOException {
        // until the new repository is noted as having them, only their being young keeps them
        contents.touch(files.stream()
                .flatMap(file -> file.blob().orElseThrow().sha256().stream())
                .toList());
        List<Change> changes = new ArrayList<>(files.size());
        for (TreeItem file : files) {
            GitBlob blob = file.blob().orElseThrow();
            if (from.mirrored()
                    && (blob.sha256().isEmpty() || !contents.has(blob.sha256().get()))) {
                throw HubProblem.conflict(file.path() + " of the mirrored repository " + from.name()
                        + " has not come yet; download the repository through this server first, then duplicate it");
            }
            changes.add(new Change.Put(FilePath.parse(file.path()), blob));
        }
        return changes;
    }

    /** What was uploaded to the one may be committed to the other. */
    private void give(Repo to, List<TreeItem> files, HubCall call) {
        Map<Sha256, Long> large = new HashMap<>();
        for (TreeItem file : files) {
            file.blob()
                    .filter(GitBlob::lfs)
                    .ifPresent(blob -> large.put(blob.sha256().orElseThrow(), blob.size()));
        }
        objects.give(to, large, call.caller().name());
    }
}
