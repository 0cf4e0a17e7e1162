package io.orrery.registry.repository;

import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.JsonNode;

/** Changes settings, names and histories of repositories. */
@Component
class SettingsRoutes implements HubRoutes {
    private record Move(
            @Nullable String fromRepo,
            @Nullable String toRepo,
            @Nullable String type) {}

    private record Squash(@Nullable String message) {}

    private final Repos repos;
    private final Administration administration;
    private final Commits commits;

    SettingsRoutes(Repos repos, Administration administration, Commits commits) {
        this.repos = repos;
        this.administration = administration;
        this.commits = commits;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.write(HttpMethod.PUT, "/api/{type}/{repo}/settings", this::settings),
                HubRoute.write(HttpMethod.POST, "/api/repos/move", this::move),
                HubRoute.write(HttpMethod.POST, "/api/{type}/{repo}/super-squash", this::squash));
    }

    private ServerResponse settings(HubCall call) {
        Repo repo = repos.getWritable(call.type(), call.repo(), call.caller());
        Administration.Settings settings = settings(call.body(JsonNode.class));
        if (settings.disabled().isPresent() && !call.caller().seesEverything()) {
            throw HubProblem.forbidden("Forbidden: a repository is taken down by an administrator alone");
        }
        return ServerResponse.ok()
                .body(administration.change(repo, settings, call.caller().name()));
    }

    private static Administration.Settings settings(JsonNode body) {
        return new Administration.Settings(
                Visibility.isPrivate(
                        body.path("visibility").asString(null),
                        flag(body, "private").orElse(null)),
                body.has("gated") ? Optional.of(gated(body.path("gated"))) : Optional.empty(),
                Optional.ofNullable(body.path("description").asString(null)),
                flag(body, "discussionsDisabled"),
                flag(body, "disabled"));
    }

    private static Optional<Boolean> flag(JsonNode body, String key) {
        JsonNode value = body.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw HubProblem.badRequest(key + " must be true or false, but is " + value);
        }
        return value.isBoolean() ? Optional.of(value.asBoolean()) : Optional.empty();
    }

    private static String gated(JsonNode value) {
        String text = value.isBoolean() && !value.asBoolean() ? "" : value.asString("");
        if (!List.of("", "auto", "manual").contains(text)) {
            throw HubProblem.badRequest("gated must be false, \"auto\" or \"manual\", but is " + value);
        }
        return text;
    }

    private ServerResponse move(HubCall call) {
        Move move = call.body(Move.class);
        if (move.fromRepo() == null || move.toRepo() == null) {
            throw HubProblem.badRequest("The body must name fromRepo and toRepo");
        }
        Repo repo = repos.getHereByAnyName(RepoAdminRoutes.type(move.type()), move.fromRepo(), call.caller())
                .requireOurs();
        Repos.requireWriter(repo, call.caller());
        RepoName to = RepoAdminRoutes.name(null, move.toRepo(), call);
        repos.requireNamespace(to, call.caller());
        administration.move(repo, to, call.caller().name());
        return ServerResponse.ok().build();
    }

    private ServerResponse squash(HubCall call) {
        Repo repo = repos.getWritable(call.type(), call.repo(), call.caller());
        Squash body = call.hasBody() ? call.body(Squash.class) : new Squash(null);
        String message = body.message() == null || body.message().isBlank() ? "Super-squash branch" : body.message();
        commits.squash(
                repo, String.join("/", call.rest()), message, call.caller().name());
        return ServerResponse.ok().build();
    }
}
