package io.orrery.registry.lineage;

import io.orrery.registry.catalog.InfoProperty;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.HubCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** How many models were made of one, by relation, of those that the caller may see. */
@Component
class ChildrenCount implements InfoProperty {
    private static final int MOST_STEPS = 100_000;

    private final Steps steps;
    private final Repos repos;

    ChildrenCount(Steps steps, Repos repos) {
        this.steps = steps;
        this.repos = repos;
    }

    @Override
    public String name() {
        return "childrenModelCount";
    }

    @Override
    public Map<Long, Map<String, Integer>> values(HubCall call, List<Subject> subjects) {
        List<Step> down = steps.down(subjects.stream().map(Subject::repo).toList(), MOST_STEPS);
        Set<Long> visible = repos
                .byIds(down.stream().map(Step::child).distinct().toList())
                .stream()
                .filter(repo -> Repos.isVisible(repo, call.caller()))
                .map(Repo::id)
                .collect(Collectors.toSet());
        Map<Long, Map<String, Integer>> counts = new HashMap<>();
        subjects.forEach(subject -> counts.put(subject.repo().id(), new TreeMap<>()));
        down.stream()
                .filter(step -> visible.contains(step.child()))
                .forEach(step -> step.parent()
                        .map(counts::get)
                        .ifPresent(ofParent -> ofParent.merge(step.relation(), 1, Integer::sum)));
        return counts;
    }
}
