package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Ancestor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where a repository comes from: its card's {@code base_model} and {@code datasets}, what an adapter says of its base, and what GGUF files
 * say of theirs.
 *
 * @param ggufBases repositories by the file that names them
 * @param isQuantized whether the weights are
 */
record Lineage(
        ModelCard.Data card, Optional<JsonNode> adapter, Map<String, List<String>> ggufBases, boolean isQuantized) {
    static final String DATASET = "dataset";

    private static final int MOST = 100;
    private static final String CARD = "README.md";
    private static final String ADAPTER = "adapter_config.json";

    List<Ancestor> ancestors() {
        List<Ancestor> ancestors = new ArrayList<>();
        adapter.flatMap(config -> ConfigFacts.text(config, "base_model_name_or_path"))
                .ifPresent(base -> add(ancestors, base, "adapter", revisionOfAdapter(), ADAPTER));
        List<String> bases = card.texts("base_model");
        String relation = card.text("base_model_relation").orElseGet(() -> relation(bases));
        @Nullable String revision = card.text("base_model_revision").orElse(null);
        bases.forEach(base -> add(ancestors, base, relation, revision, CARD));
        ggufBases.forEach((file, named) -> named.forEach(base -> add(ancestors, base, "quantized", null, file)));
        card.texts("datasets").forEach(dataset -> add(ancestors, dataset, DATASET, null, CARD));
        return ancestors;
    }

    /** As the Hub guesses where a card does not say (hub-docs {@code model-cards.md}, "Specifying a base model"). */
    private String relation(List<String> bases) {
        if (adapter.isPresent()) {
            return "adapter";
        }
        if (isQuantized) {
            return "quantized";
        }
        return bases.size() > 1 ? "merge" : "finetune";
    }

    private @Nullable String revisionOfAdapter() {
        return adapter.flatMap(config -> ConfigFacts.text(config, "revision")).orElse(null);
    }

    /** The first who names a repository says what it is. */
    private static void add(
            List<Ancestor> ancestors, String repo, String relation, @Nullable String revision, String source) {
        boolean isDataset = relation.equals(DATASET);
        boolean isKnown = ancestors.stream()
                .anyMatch(known -> known.repo().equals(repo) && known.relation().equals(DATASET) == isDataset);
        if (!isKnown && ancestors.size() < MOST) {
            ancestors.add(new Ancestor(repo, relation, revision, source));
        }
    }
}
