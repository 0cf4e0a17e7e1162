package io.orrery.registry.lineage;

import io.orrery.api.hub.RepoLineage;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Answers with ancestors and descendants. */
@Component
class LineageRoutes implements HubRoutes {
    private static final int DEPTH = 3;
    private static final int MAX_DEPTH = 20;

    private final Repos repos;
    private final Revisions revisions;
    private final Steps steps;

    LineageRoutes(Repos repos, Revisions revisions, Steps steps) {
        this.repos = repos;
        this.revisions = revisions;
        this.steps = steps;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(HubRoute.read(HttpMethod.GET, "/api/{type}/{repo}/lineage", this::lineage));
    }

    private ServerResponse lineage(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        Commit commit = revisions.resolve(repo, call.query("revision").orElse("HEAD"));
        int depth = depth(call);
        LineageWalk up = new LineageWalk(repos, call.caller(), depth);
        up.run(repo, new Up(repo, commit));
        LineageWalk down = new LineageWalk(repos, call.caller(), depth);
        down.run(repo, new Down());
        return ServerResponse.ok()
                .body(new RepoLineage(
                        repo.name(),
                        repo.type(),
                        commit.oid(),
                        up.edges(),
                        down.edges(),
                        new RepoLineage.Hidden(up.hidden(), down.hidden()),
                        up.isTruncated() || down.isTruncated()));
    }

    private static int depth(HubCall call) {
        String text = call.query("depth").orElse(Integer.toString(DEPTH));
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1) {
            throw HubProblem.badRequest("depth must be a number from 1 to " + MAX_DEPTH + ", but is '" + text + "'");
        }
        return Math.min(MAX_DEPTH, Integer.parseInt(text));
    }

    /** To what things were made of; the start speaks by the commit that was asked for. */
    private final class Up implements LineageWalk.Direction {
        private final Repo start;
        private final Commit commit;

        Up(Repo start, Commit commit) {
            this.start = start;
            this.commit = commit;
        }

        @Override
        public List<Step> from(Collection<Repo> children, int limit) {
            return children.equals(List.of(start))
                    ? steps.up(start, commit.oid())
                    : steps.up(children.stream().map(Repo::id).toList(), limit);
        }

        @Override
        public Optional<Long> far(Step step) {
            return step.parent();
        }

        @Override
        public Optional<Long> near(Step step) {
            return Optional.of(step.child());
        }
    }

    /** To what was made of things. */
    private final class Down implements LineageWalk.Direction {
        @Override
        public List<Step> from(Collection<Repo> parents, int limit) {
            return steps.down(parents, limit);
        }

        @Override
        public Optional<Long> far(Step step) {
            return Optional.of(step.child());
        }

        @Override
        public Optional<Long> near(Step step) {
            return step.parent();
        }
    }
}
