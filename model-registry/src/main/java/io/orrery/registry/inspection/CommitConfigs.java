package io.orrery.registry.inspection;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The JSON files that libraries tell a model by.
 *
 * @param config transformers' config.json
 * @param adapter PEFT's adapter_config.json
 * @param pipeline diffusers' model_index.json
 * @param isSentenceModel whether there are settings of sentence-transformers
 */
record CommitConfigs(
        Optional<JsonNode> config, Optional<JsonNode> adapter, Optional<JsonNode> pipeline, boolean isSentenceModel) {
    static CommitConfigs of(CommitFiles files) {
        return new CommitConfigs(
                files.object("config.json"),
                files.object("adapter_config.json"),
                files.object("model_index.json"),
                files.files().containsKey("config_sentence_transformers.json")
                        || files.files().containsKey("sentence_bert_config.json"));
    }

    Optional<String> library() {
        if (adapter.isPresent()) {
            return Optional.of("peft");
        }
        if (isSentenceModel) {
            return Optional.of("sentence-transformers");
        }
        if (pipeline.flatMap(json -> ConfigFacts.text(json, "_class_name")).isPresent()) {
            return Optional.of("diffusers");
        }
        return family().map(type -> "transformers");
    }

    Optional<String> family() {
        return config.flatMap(ConfigFacts::family);
    }

    List<String> architectures() {
        return config.map(ConfigFacts::architectures).orElse(List.of());
    }
}
