package io.orrery.registry.repository;

import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Proposals as clients of the Hub see them: discussions that have commits. Those without are not kept here. */
@Component
class PullRequestRoutes implements HubRoutes {
    private static final String DISCUSSIONS = "/api/{type}/{repo}/discussions";

    private record Body(
            @Nullable String title,
            @Nullable String description,
            @Nullable Boolean pullRequest,
            @Nullable String status,
            @Nullable String comment) {}

    private final Repos repos;
    private final PullRequests pullRequests;

    PullRequestRoutes(Repos repos, PullRequests pullRequests) {
        this.repos = repos;
        this.pullRequests = pullRequests;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, DISCUSSIONS, this::show),
                HubRoute.read(HttpMethod.POST, DISCUSSIONS, this::change));
    }

    private ServerResponse show(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        if (!call.rest().isEmpty()) {
            PullRequest asked =
                    pullRequests.get(repo, PullRequests.number(call.rest().getFirst()));
            return ServerResponse.ok().body(details(repo, asked));
        }
        List<Map<String, Object>> all =
                pullRequests.list(repo).stream().map(one -> summary(repo, one)).toList();
        return ServerResponse.ok().body(Map.of("discussions", all, "count", all.size(), "start", 0));
    }

    private ServerResponse change(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller()).requireOurs();
        Body body = call.hasBody() ? call.body(Body.class) : new Body(null, null, null, null, null);
        if (call.rest().isEmpty()) {
            return open(call, repo, body);
        }
        PullRequest proposal =
                pullRequests.get(repo, PullRequests.number(call.rest().getFirst()));
        String by = call.caller().name();
        String action = call.rest().size() < 2 ? "" : call.rest().get(1);
        if (!action.equals("comment") && !proposal.author().equals(by) || action.equals("merge")) {
            Repos.requireWriter(repo, call.caller());
        }
        switch (action) {
            case "comment" -> pullRequests.comment(repo, proposal, by, given(body.comment(), "comment"));
            case "title" -> pullRequests.rename(repo, proposal, given(body.title(), "title"));
            case "status" -> pullRequests.setStatus(repo, proposal, given(body.status(), "status"));
            case "merge" -> pullRequests.merge(repo, proposal, by);
            default ->
                throw HubProblem.of(
                        404, "No such route: " + call.servletRequest().getRequestURI());
        }
        return ServerResponse.ok().body(details(repo, pullRequests.get(repo, proposal.num())));
    }

    private ServerResponse open(HubCall call, Repo repo, Body body) {
        if (!Boolean.TRUE.equals(body.pullRequest())) {
            throw HubProblem.badRequest(
                    "This registry keeps no discussions but pull requests; set pullRequest to true");
        }
        PullRequest opened = pullRequests.open(
                repo,
                "main",
                given(body.title(), "title"),
                Optional.ofNullable(body.description()).orElse(""),
                call.caller().name());
        Map<String, Object> answer = summary(repo, opened);
        answer.put("url", call.baseUrl().repository(repo.type(), repo.name()) + "/discussions/" + opened.num());
        return ServerResponse.ok().body(answer);
    }

    private static String given(@Nullable String value, String key) {
        if (value == null || value.isBlank()) {
            throw HubProblem.badRequest("The body lacks the " + key);
        }
        return value;
    }

    private static Map<String, Object> summary(Repo repo, PullRequest proposal) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("num", proposal.num());
        summary.put("title", proposal.title());
        summary.put("status", proposal.status());
        summary.put("isPullRequest", true);
        summary.put("author", Map.of("name", proposal.author(), "type", "user"));
        summary.put("createdAt", proposal.createdAt());
        summary.put("repo", Map.of("name", repo.name(), "type", repo.type().value()));
        return summary;
    }

    private static Map<String, Object> details(Repo repo, PullRequest proposal) {
        Map<String, Object> details = summary(repo, proposal);
        Map<String, Object> changes = new LinkedHashMap<>(Map.of("base", Revisions.MAIN));
        proposal.mergedOid().ifPresent(oid -> changes.put("mergeCommitId", oid));
        details.put("changes", changes);
        details.put("filesWithConflicts", List.of());
        details.put("diff", "");
        details.put("events", List.of());
        return details;
    }
}
