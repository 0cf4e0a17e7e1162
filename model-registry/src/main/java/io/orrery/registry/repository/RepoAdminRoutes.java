package io.orrery.registry.repository;

import io.orrery.api.hub.CreateRepoRequest;
import io.orrery.api.hub.CreatedRepo;
import io.orrery.api.hub.DeleteRepoRequest;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Makes and deletes repositories. */
@Component
class RepoAdminRoutes implements HubRoutes {
    private final Repos repos;
    private final FirstFiles firstFiles;

    RepoAdminRoutes(Repos repos, FirstFiles firstFiles) {
        this.repos = repos;
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
        RepoName name = name(request.organization(), request.name(), call);
        repos.requireNamespace(name, call.caller());
        boolean isPrivate =
                Visibility.isPrivate(request.visibility(), request.isPrivate()).orElse(false);
        Optional<Repo> there = repos.find(type, name.value());
        if (there.isPresent()) {
            return exists(call, there.get());
        }
        try {
            Repo repo = repos.create(type, name, isPrivate, call.caller(), firstFiles.store(type, request));
            if (request.multipartThreshold() != null) {
                repos.setMultipartThreshold(repo, Math.max(1, request.multipartThreshold()));
            }
            return ServerResponse.ok().body(created(call, repo, null));
        } catch (DataIntegrityViolationException e) {
            return exists(call, repos.find(type, name.value()).orElseThrow(() -> e));
        }
    }

    /** Clients that do not mind read the address from here. */
    private static ServerResponse exists(HubCall call, Repo repo) {
        return ServerResponse.status(409)
                .body(created(
                        call, repo, "You already created this " + repo.type().value() + " repo"));
    }

    private static CreatedRepo created(HubCall call, Repo repo, @Nullable String error) {
        return new CreatedRepo(
                call.baseUrl().repository(repo.type(), repo.name()),
                repo.name(),
                repo.publicId(),
                repo.isPrivate(),
                error);
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

    @SuppressWarnings("NullAway") // a body may lack the name
    static RepoName name(@Nullable String organization, String name, HubCall call) {
        if (name == null) {
            throw HubProblem.badRequest("The body lacks the repository's name");
        }
        int slash = name.indexOf('/');
        String namespace = slash >= 0 ? name.substring(0, slash) : organization;
        return RepoName.of(namespace == null ? own(call.caller()) : namespace, name.substring(slash + 1));
    }

    /** A key's name is none for people, so what they make without a namespace is their project's, as whoami tells them. */
    private static String own(Caller caller) {
        return caller.project().orElse(caller.name());
    }
}
