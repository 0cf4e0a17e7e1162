package io.orrery.registry.repository;

import io.orrery.api.hub.CreateRepoRequest;
import io.orrery.api.hub.DeleteRepoRequest;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Makes and deletes repositories. */
@Component
class RepoAdminRoutes implements HubRoutes {
    private final Repos repos;
    private final NewRepos newRepos;
    private final FirstFiles firstFiles;

    RepoAdminRoutes(Repos repos, NewRepos newRepos, FirstFiles firstFiles) {
        this.repos = repos;
        this.newRepos = newRepos;
        this.firstFiles = firstFiles;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.write(HttpMethod.POST, "/api/repos/create", this::create),
                HubRoute.write(HttpMethod.DELETE, "/api/repos/delete", this::delete));
    }

    private ServerResponse create(HubCall call) throws IOException {
        CreateRepoRequest request = call.body(CreateRepoRequest.class);
        RepoType type = type(request.type());
        NewRepos.Wanted wanted = new NewRepos.Wanted(
                type,
                name(request.organization(), request.name(), call),
                Visibility.isPrivate(request.visibility(), request.isPrivate()).orElse(false),
                "initial commit");
        return newRepos.make(call, wanted, () -> firstFiles.store(type, request), repo -> {
            if (request.multipartThreshold() != null) {
                repos.setMultipartThreshold(repo, Math.max(1, request.multipartThreshold()));
            }
        });
    }

    private ServerResponse delete(HubCall call) {
        DeleteRepoRequest request = call.body(DeleteRepoRequest.class);
        String name = name(request.organization(), request.name(), call).value();
        Repo repo = repos.getHere(type(request.type()), name, call.caller());
        // an administrator lets go of a mirrored repository so
        if (!call.caller().seesEverything()) {
            Repos.requireWriter(repo.requireOurs(), call.caller());
        }
        repos.delete(repo, call.caller());
        return ServerResponse.ok().build();
    }

    static RepoType type(@Nullable String type) {
        for (RepoType known : RepoType.values()) {
            if (type == null || known.value().equals(type)) {
                return known;
            }
        }
        throw HubProblem.badRequest("This registry keeps models, datasets and spaces, but the type is '" + type + "'");
    }

    static RepoName name(@Nullable String organization, String name, HubCall call) {
        return RepoName.of(Optional.ofNullable(organization), name, call.caller());
    }
}
