package io.orrery.registry.repository;

import io.orrery.api.identity.Scope;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import io.orrery.registry.wire.NextPage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Who may read and write, and how one comes to be let in. */
@Component
class AccessRoutes implements HubRoutes {
    private static final String REQUESTS = "/api/{type}/{repo}/user-access-request";

    private static final int PAGE = 1000;

    private record User(String user, String fullname) {}

    private record Entry(User user, String status, Instant timestamp) {}

    private record Decision(
            @Nullable String user,
            @Nullable String userId,
            @Nullable String status,
            @Nullable String rejectionReason) {
        String named() {
            return Optional.ofNullable(user)
                    .or(() -> Optional.ofNullable(userId))
                    .orElseThrow(() -> HubProblem.badRequest("The body lacks the user"));
        }
    }

    private final Repos repos;
    private final ContentAccess access;
    private final AccessRequests requests;

    AccessRoutes(Repos repos, ContentAccess access, AccessRequests requests) {
        this.repos = repos;
        this.access = access;
        this.requests = requests;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/api/{type}/{repo}/auth-check", this::check),
                HubRoute.read(HttpMethod.POST, "/{repo}/ask-access", this::ask),
                HubRoute.write(HttpMethod.GET, REQUESTS, this::list),
                HubRoute.read(HttpMethod.POST, REQUESTS, this::change));
    }

    private ServerResponse check(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        access.require(repo, call.caller());
        if (call.rest().equals(List.of("write"))) {
            Repos.requireWriter(repo, call.caller());
        }
        return ServerResponse.ok().build();
    }

    private ServerResponse ask(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        if (repo.gated().isEmpty()) {
            throw HubProblem.badRequest(repo.name() + " is not gated; its contents are open to whoever sees it");
        }
        return ServerResponse.ok()
                .body(Map.of("status", requests.ask(repo, call.caller().name()).value()));
    }

    private ServerResponse list(HubCall call) {
        Repo repo = repos.getAdministered(call.type(), call.repo(), call.caller());
        AccessRequests.Status status = AccessRequests.Status.of(
                call.rest().isEmpty() ? "" : call.rest().getFirst());
        int limit = call.limit(PAGE, PAGE);
        List<AccessRequests.Asked> found = requests.list(repo, status, NextPage.position(call), limit + 1);
        List<AccessRequests.Asked> page = found.subList(0, Math.min(limit, found.size()));
        ServerResponse.BodyBuilder answer = ServerResponse.ok();
        if (found.size() > limit) {
            answer.header("Link", NextPage.link(call, page.getLast().user()));
        }
        return answer.body(page.stream()
                .map(asked -> new Entry(
                        new User(asked.user(), asked.user()), asked.status().value(), asked.at()))
                .toList());
    }

    /** Whoever asked may take it back; the rest is for those whose the repository is. */
    private ServerResponse change(HubCall call) {
        if (call.rest().equals(List.of("cancel"))) {
            requests.cancel(
                    repos.get(call.type(), call.repo(), call.caller()),
                    call.caller().name());
            return ServerResponse.ok().build();
        }
        if (!call.caller().mayWrite()) {
            throw HubProblem.forbidden("Forbidden: this needs the scope " + Scope.MODELS_WRITE.value());
        }
        return decide(call);
    }

    private ServerResponse decide(HubCall call) {
        Repo repo = repos.getAdministered(call.type(), call.repo(), call.caller());
        Decision decision = call.body(Decision.class);
        String by = call.caller().name();
        switch (call.rest().isEmpty() ? "" : call.rest().getFirst()) {
            case "grant" -> requests.grant(repo, decision.named(), by);
            case "handle" ->
                requests.decide(
                        repo,
                        decision.named(),
                        AccessRequests.Status.of(
                                Optional.ofNullable(decision.status()).orElse("")),
                        Optional.ofNullable(decision.rejectionReason()).orElse(""),
                        by);
            default ->
                throw HubProblem.of(404, "No such route: user-access-request is followed by handle, grant or cancel");
        }
        return ServerResponse.ok().build();
    }
}
