package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Ancestor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Where a model comes from: its card's {@code base_model} and {@code datasets}, and what an adapter says of its base. */
final class Lineage {
    private static final String CARD = "README.md";
    private static final String ADAPTER = "adapter_config.json";

    private Lineage() {}

    static List<Ancestor> of(ModelCard.Data card, Optional<JsonNode> adapter) {
        List<Ancestor> ancestors = new ArrayList<>();
        String revision = adapter.map(config -> text(config, "revision"))
                .filter(text -> !text.isEmpty())
                .orElse(null);
        String adapterBase =
                adapter.map(config -> text(config, "base_model_name_or_path")).orElse("");
        if (!adapterBase.isEmpty()) {
            ancestors.add(new Ancestor(adapterBase, "adapter", revision, ADAPTER));
        }
        String relation = card.text("base_model_relation").orElse(adapter.isPresent() ? "adapter" : "finetune");
        for (String base : card.texts("base_model")) {
            if (!base.equals(adapterBase)) {
                ancestors.add(new Ancestor(
                        base, relation, card.text("base_model_revision").orElse(null), CARD));
            }
        }
        for (String dataset : card.texts("datasets")) {
            ancestors.add(new Ancestor(dataset, "dataset", null, CARD));
        }
        return ancestors;
    }

    private static String text(JsonNode config, String key) {
        return config.path(key).asString("");
    }
}
