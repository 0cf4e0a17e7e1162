package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Ancestor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The words that a repository is found by: what its card says, and what its files let one guess, as the Hub does. */
record CommitLabels(
        ModelCard.Data card, Optional<JsonNode> config, Optional<JsonNode> adapter, List<Ancestor> lineage) {

    Optional<String> libraryName() {
        return card.text("library_name").or(() -> {
            if (adapter.isPresent()) {
                return Optional.of("peft");
            }
            return config.filter(json -> json.has("model_type")).map(json -> "transformers");
        });
    }

    Optional<String> pipelineTag() {
        return card.text("pipeline_tag")
                .or(() -> architectures().stream()
                        .filter(name -> name.endsWith("ForCausalLM"))
                        .findFirst()
                        .map(name -> "text-generation"));
    }

    List<String> tags(boolean safetensors, boolean gguf) {
        Set<String> tags = new LinkedHashSet<>();
        libraryName().ifPresent(tags::add);
        if (safetensors) {
            tags.add("safetensors");
        }
        if (gguf) {
            tags.add("gguf");
        }
        config.map(json -> json.path("model_type").asString(""))
                .filter(type -> !type.isEmpty())
                .ifPresent(tags::add);
        pipelineTag().ifPresent(tags::add);
        tags.addAll(card.texts("tags"));
        tags.addAll(card.texts("language"));
        card.texts("license").forEach(license -> tags.add("license:" + license));
        for (Ancestor ancestor : lineage) {
            if (ancestor.relation().equals("dataset")) {
                tags.add("dataset:" + ancestor.repo());
            } else {
                tags.add("base_model:" + ancestor.repo());
                tags.add("base_model:" + ancestor.relation() + ":" + ancestor.repo());
            }
        }
        return List.copyOf(tags);
    }

    private List<String> architectures() {
        return config.map(json -> json.path("architectures")
                        .valueStream()
                        .map(name -> name.asString(""))
                        .toList())
                .orElse(List.of());
    }
}
