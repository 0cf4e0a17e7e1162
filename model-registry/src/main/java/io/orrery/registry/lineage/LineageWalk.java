package io.orrery.registry.lineage;

import io.orrery.api.hub.RepoLineage.Edge;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.Caller;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One way from a repository, step by step, each repository entered once however many ways lead to it. Beyond a repository that the caller may
 * not see nothing is followed. Confined to one thread.
 */
final class LineageWalk {
    private static final int MOST_EDGES = 1000;

    private final Repos repos;
    private final Caller caller;
    private final int depth;
    private final Map<Long, Repo> known = new HashMap<>();
    private final Set<Long> entered = new HashSet<>();
    private final Set<Long> hidden = new HashSet<>();
    private final List<Edge> edges = new ArrayList<>();
    private boolean truncated;

    LineageWalk(Repos repos, Caller caller, int depth) {
        this.repos = repos;
        this.caller = caller;
        this.depth = depth;
    }

    /** Where the steps from some repositories lead. */
    interface Direction {
        List<Step> from(Collection<Repo> repos, int limit);

        /** The end of a step that is further away; empty where it is not here. */
        Optional<Long> far(Step step);

        /** The end of a step that is nearer. */
        Optional<Long> near(Step step);
    }

    void run(Repo start, Direction direction) {
        known.put(start.id(), start);
        entered.add(start.id());
        List<Repo> frontier = List.of(start);
        for (int level = 1; level <= depth && !frontier.isEmpty(); level++) {
            int room = MOST_EDGES - edges.size();
            List<Step> steps = direction.from(frontier, room + 1);
            truncated |= steps.size() > room;
            frontier = follow(steps.subList(0, Math.min(room, steps.size())), direction, level);
        }
        truncated |= !frontier.isEmpty() && !direction.from(frontier, 1).isEmpty();
    }

    private List<Repo> follow(List<Step> steps, Direction direction, int level) {
        learn(steps, direction);
        Map<Long, Repo> next = new LinkedHashMap<>();
        for (Step step : steps) {
            Optional<Repo> far = direction.far(step).map(known::get);
            if (far.isPresent() && !Repos.isVisible(far.get(), caller)) {
                hidden.add(far.get().id());
                continue;
            }
            edges.add(edge(step, far, direction, level));
            far.filter(repo -> entered.add(repo.id())).ifPresent(repo -> next.put(repo.id(), repo));
        }
        return List.copyOf(next.values());
    }

    private void learn(List<Step> steps, Direction direction) {
        List<Long> unknown = steps.stream()
                .flatMap(step -> direction.far(step).stream())
                .filter(id -> !known.containsKey(id))
                .distinct()
                .toList();
        repos.byIds(unknown).forEach(repo -> known.put(repo.id(), repo));
    }

    private Edge edge(Step step, Optional<Repo> far, Direction direction, int level) {
        String near = direction.near(step).map(known::get).map(Repo::name).orElse(step.parentName());
        return new Edge(
                far.map(Repo::name).orElse(step.parentName()),
                far.map(Repo::type).orElse(step.parentType()),
                far.map(Repo::publicId).orElse(null),
                near,
                step.relation(),
                step.revision().orElse(null),
                step.source(),
                level);
    }

    List<Edge> edges() {
        return edges;
    }

    int hidden() {
        return hidden.size();
    }

    boolean isTruncated() {
        return truncated;
    }
}
