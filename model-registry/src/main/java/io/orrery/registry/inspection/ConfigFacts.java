package io.orrery.registry.inspection;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What config.json says under the names that different families use. */
final class ConfigFacts {
    private static final List<String> CONTEXT = List.of(
            "max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "seq_length", "n_ctx");
    private static final List<String> INNER = List.of("text_config", "llm_config", "language_config");

    private ConfigFacts() {}

    static Optional<String> family(JsonNode config) {
        return text(config, "model_type");
    }

    /** Tokens; models of several parts have it in the part that reads text. */
    static Optional<Long> contextLength(JsonNode config) {
        return Stream.concat(Stream.of(config), INNER.stream().map(config::path))
                .flatMap(json -> CONTEXT.stream().map(json::path))
                .filter(JsonNode::isIntegralNumber)
                .map(JsonNode::asLong)
                .filter(length -> length > 0)
                .findFirst();
    }

    static List<String> architectures(JsonNode config) {
        return config.path("architectures")
                .valueStream()
                .map(name -> name.asString(""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    static Optional<String> text(JsonNode config, String key) {
        return Optional.of(config.path(key).asString("")).filter(text -> !text.isEmpty());
    }
}
