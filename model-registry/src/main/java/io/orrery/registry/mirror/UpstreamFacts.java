package io.orrery.registry.mirror;

import io.orrery.api.hub.RepoInfo.GgufFacts;
import io.orrery.api.hub.RepoInfo.Profile;
import io.orrery.api.hub.RepoInfo.SafetensorsFacts;
import io.orrery.registry.inspection.CommitFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The facts in another hub's description of a revision: what ours would find in files that have not come. */
final class UpstreamFacts {
    private UpstreamFacts() {}

    static CommitFacts of(JsonNode info) {
        SafetensorsFacts safetensors = safetensors(info.path("safetensors"));
        GgufFacts gguf = gguf(info.path("gguf"));
        return new CommitFacts(
                info.path("tags").valueStream().map(tag -> tag.asString("")).toList(),
                text(info.path("pipeline_tag")),
                text(info.path("library_name")),
                new Profile(
                        text(info.path("config").path("model_type"))
                                .or(() -> Optional.ofNullable(gguf).map(GgufFacts::architecture))
                                .orElse(null),
                        Optional.ofNullable(safetensors)
                                .map(SafetensorsFacts::total)
                                .or(() -> Optional.ofNullable(gguf).map(GgufFacts::total))
                                .orElse(null),
                        Optional.ofNullable(safetensors)
                                .flatMap(UpstreamFacts::mostCommon)
                                .orElse(null),
                        Optional.ofNullable(gguf)
                                .map(GgufFacts::quantization)
                                .map(List::of)
                                .orElse(List.of()),
                        Optional.ofNullable(gguf).map(GgufFacts::contextLength).orElse(null),
                        text(info.path("cardData").path("license")).orElse(null)),
                new CommitFacts.Details(
                        object(info.path("cardData")),
                        object(info.path("config")),
                        safetensors,
                        gguf,
                        List.of(),
                        List.of()));
    }

    private static Optional<String> mostCommon(SafetensorsFacts facts) {
        return facts.parameters().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    private static Optional<String> text(JsonNode node) {
        return node.isString() ? Optional.of(node.asString("")) : Optional.empty();
    }

    @SuppressWarnings("unchecked") // the keys of a JSON object are strings
    private static @Nullable Map<String, Object> object(JsonNode node) {
        return node.isObject() ? JsonMapper.shared().convertValue(node, Map.class) : null;
    }

    private static @Nullable SafetensorsFacts safetensors(JsonNode node) {
        if (!node.path("parameters").isObject()) {
            return null;
        }
        Map<String, Long> parameters = new HashMap<>();
        node.path("parameters")
                .properties()
                .forEach(
                        entry -> parameters.put(entry.getKey(), entry.getValue().asLong(0)));
        return new SafetensorsFacts(parameters, node.path("total").asLong(0));
    }

    private static @Nullable GgufFacts gguf(JsonNode node) {
        return node.isObject()
                ? new GgufFacts(
                        node.path("total").asLong(0),
                        text(node.path("architecture")).orElse(null),
                        node.path("context_length").isNumber()
                                ? node.path("context_length").asLong()
                                : null,
                        text(node.path("quantization")).orElse(null))
                : null;
    }
}
