package io.orrery.registry.lineage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.catalog.InfoProperty;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.HubCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What a model was made of, as the Hub's infos show it: models that are here and that the caller may see. */
@Component
class BaseModels implements InfoProperty {
    private static final int MOST_STEPS = 10_000;

    record Value(String relation, List<Model> models) {}

    record Model(@JsonProperty("_id") String internalId, String id) {}

    private final Steps steps;
    private final Repos repos;

    BaseModels(Steps steps, Repos repos) {
        this.steps = steps;
        this.repos = repos;
    }

    @Override
    public String name() {
        return "baseModels";
    }

    @Override
    public Map<Long, Value> values(HubCall call, List<Subject> subjects) {
        List<Step> all = subjects.size() == 1
                ? steps.up(subjects.getFirst().repo(), subjects.getFirst().sha())
                : steps.up(subjects.stream().map(subject -> subject.repo().id()).toList(), MOST_STEPS);
        List<Step> ofModels =
                all.stream().filter(step -> step.parentType() == RepoType.MODEL).toList();
        Map<Long, Repo> parents =
                repos
                        .byIds(ofModels.stream()
                                .flatMap(step -> step.parent().stream())
                                .distinct()
                                .toList())
                        .stream()
                        .filter(repo -> Repos.isVisible(repo, call.caller()))
                        .collect(Collectors.toMap(Repo::id, Function.identity()));
        Map<Long, Value> values = new HashMap<>();
        ofModels.stream()
                .collect(Collectors.groupingBy(Step::child))
                .forEach((child, ofChild) -> value(ofChild, parents).ifPresent(value -> values.put(child, value)));
        return values;
    }

    private static Optional<Value> value(List<Step> ofChild, Map<Long, Repo> parents) {
        List<Model> models = ofChild.stream()
                .flatMap(step -> step.parent().map(parents::get).stream())
                .map(parent -> new Model(parent.publicId(), parent.name()))
                .toList();
        return models.isEmpty()
                ? Optional.empty()
                : Optional.of(new Value(ofChild.getFirst().relation(), models));
    }
}
