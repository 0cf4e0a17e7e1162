package io.orrery.registry.repository;

import io.orrery.api.hub.HistoryEntry;
import io.orrery.api.hub.RepoRefs;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubHeaders;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import io.orrery.registry.wire.NextPage;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.HtmlUtils;

/** Branches, tags and histories. */
@Component
class RefRoutes implements HubRoutes {
    private static final int HISTORY_PAGE = 50;
    private static final int MAX_HISTORY_PAGE = 1000;

    private record NewBranch(
            @Nullable String startingPoint,
            @Nullable Boolean emptyBranch,
            @Nullable Boolean overwrite) {}

    private record NewTag(@Nullable String tag, @Nullable String message) {}

    private final Repos repos;
    private final Revisions revisions;
    private final Commits commits;
    private final CallerNames names;

    RefRoutes(Repos repos, Revisions revisions, Commits commits, CallerNames names) {
        this.repos = repos;
        this.commits = commits;
        this.revisions = revisions;
        this.names = names;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/api/{type}/{repo}/refs", this::refs),
                HubRoute.read(HttpMethod.GET, "/api/{type}/{repo}/commits", this::commits),
                HubRoute.write(HttpMethod.POST, "/api/{type}/{repo}/branch", this::createBranch),
                HubRoute.write(HttpMethod.DELETE, "/api/{type}/{repo}/branch", this::deleteBranch),
                HubRoute.write(HttpMethod.POST, "/api/{type}/{repo}/tag", this::createTag),
                HubRoute.write(HttpMethod.DELETE, "/api/{type}/{repo}/tag", this::deleteTag));
    }

    private ServerResponse refs(HubCall call) {
        List<Revisions.Ref> all = revisions.all(repo(call));
        return ServerResponse.ok()
                .body(new RepoRefs(
                        named(all, Revisions.Ref::isBranch),
                        List.of(),
                        named(all, Revisions.Ref::isTag),
                        call.flag("include_prs") ? named(all, Revisions.Ref::isProposal) : null));
    }

    private static List<RepoRefs.Ref> named(List<Revisions.Ref> refs, Predicate<Revisions.Ref> kind) {
        return refs.stream()
                .filter(kind)
                .map(ref -> new RepoRefs.Ref(ref.shortName(), ref.name(), ref.target()))
                .toList();
    }

    private ServerResponse commits(HubCall call) {
        Repo repo = repo(call);
        Revisions.Place place = revisions.split(repo, call.rest());
        Commit head = revisions.resolve(repo, place.revision());
        int limit = call.limit(HISTORY_PAGE, MAX_HISTORY_PAGE);
        String position = NextPage.position(call);
        String from = position.isEmpty()
                ? head.oid()
                : revisions.resolve(repo, position).oid();
        List<Commit> history = revisions.history(repo, from, limit + 1);
        List<Commit> page = history.subList(0, Math.min(limit, history.size()));
        ServerResponse.BodyBuilder answer =
                ServerResponse.ok().header(HubHeaders.TOTAL_COUNT, Integer.toString(head.generation() + 1));
        if (history.size() > limit) {
            answer.header("Link", NextPage.link(call, history.getLast().oid()));
        }
        boolean formatted = call.list("expand").contains("formatted");
        UnaryOperator<String> shown = names.of(page.stream().map(Commit::author).toList());
        return answer.body(page.stream()
                .map(commit -> entry(commit, shown.apply(commit.author()), formatted))
                .toList());
    }

    private static HistoryEntry entry(Commit commit, String author, boolean formatted) {
        return new HistoryEntry(
                commit.oid(),
                commit.title(),
                commit.description(),
                List.of(new HistoryEntry.Author(author)),
                commit.at(),
                formatted
                        ? new HistoryEntry.Formatted(
                                HtmlUtils.htmlEscape(commit.title()), HtmlUtils.htmlEscape(commit.description()))
                        : null);
    }

    private ServerResponse createBranch(HubCall call) {
        Repo repo = writable(call);
        NewBranch body = call.hasBody() ? call.body(NewBranch.class) : new NewBranch(null, null, null);
        String start = body.startingPoint() == null ? "HEAD" : body.startingPoint();
        String target = Boolean.TRUE.equals(body.emptyBranch())
                ? commits.empty(repo, call.caller().name()).oid()
                : revisions.resolve(repo, start).oid();
        revisions.createBranch(
                repo,
                joined(call),
                target,
                Boolean.TRUE.equals(body.overwrite()),
                call.caller().name());
        return ServerResponse.ok().build();
    }

    private ServerResponse deleteBranch(HubCall call) {
        revisions.deleteBranch(writable(call), joined(call), call.caller().name());
        return ServerResponse.ok().build();
    }

    private ServerResponse createTag(HubCall call) {
        Repo repo = writable(call);
        NewTag body = call.body(NewTag.class);
        if (body.tag() == null) {
            throw HubProblem.badRequest("The body lacks the tag's name");
        }
        String target = revisions.resolve(repo, joined(call)).oid();
        revisions.createTag(repo, body.tag(), target, call.caller().name());
        return ServerResponse.ok().build();
    }

    private ServerResponse deleteTag(HubCall call) {
        revisions.deleteTag(writable(call), joined(call), call.caller().name());
        return ServerResponse.ok().build();
    }

    private Repo writable(HubCall call) {
        return repos.getWritable(call.type(), call.repo(), call.caller());
    }

    private Repo repo(HubCall call) {
        return repos.get(call.type(), call.repo(), call.caller());
    }

    private static String joined(HubCall call) {
        return String.join("/", call.rest());
    }
}
