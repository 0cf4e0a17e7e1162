package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Profile;
import io.orrery.registry.inspection.ContentFacts.Packing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The searchable values of a commit, from all that was read of it.
 *
 * @param pipeline {@code model_index.json}
 * @param weights the headers of the safetensors files that count
 */
record ModelProfile(
        Optional<JsonNode> config,
        Optional<JsonNode> pipeline,
        ModelCard.Data card,
        List<ContentFacts> weights,
        List<GgufGroup> ggufs) {
    private static final int MAX_FAMILY = 128;

    Profile values() {
        Map<String, Long> elements = elements();
        return new Profile(
                family().map(name -> name.substring(0, Math.min(MAX_FAMILY, name.length())))
                        .orElse(null),
                parameters().orElse(null),
                MostCommon.of(elements).orElse(null),
                quantizations(),
                contextLength().orElse(null),
                license().orElse(null));
    }

    private Optional<GgufGroup> gguf() {
        return ggufs.stream().findFirst();
    }

    private Optional<String> family() {
        return config.flatMap(ConfigFacts::family)
                .or(() -> gguf().flatMap(
                                group -> Optional.ofNullable(group.facts().architecture())))
                .or(() -> pipeline.flatMap(json -> ConfigFacts.text(json, "_class_name")));
    }

    /** Of safetensors files, else of the first GGUF one. */
    private Map<String, Long> elements() {
        if (weights.isEmpty()) {
            return gguf().map(GgufGroup::parameters).orElse(Map.of());
        }
        Map<String, Long> elements = new TreeMap<>();
        weights.forEach(header -> header.parameters().forEach((type, count) -> elements.merge(type, count, Long::sum)));
        return elements;
    }

    private Optional<Long> parameters() {
        long total = elements().values().stream().mapToLong(Long::longValue).sum();
        Packing packing = weights.stream().map(ContentFacts::packing).reduce(Packing.NONE, Packing::plus);
        long perWord =
                QuantizedConfig.of(config).map(QuantizedConfig::weightsPerWord).orElse(1);
        long unpacked = total - packing.auxiliary() + packing.words() * (perWord - 1) + packing.bytes();
        return total == 0 ? Optional.empty() : Optional.of(Math.max(1, unpacked));
    }

    private List<String> quantizations() {
        Stream<String> ofFiles = ggufs.stream()
                .filter(GgufGroup::isModel)
                .flatMap(group -> Stream.ofNullable(group.facts().quantization()));
        return Stream.concat(QuantizedConfig.of(config).map(QuantizedConfig::label).stream(), ofFiles)
                .distinct()
                .toList();
    }

    private Optional<Long> contextLength() {
        return config.flatMap(ConfigFacts::contextLength)
                .or(() -> gguf().flatMap(
                                group -> Optional.ofNullable(group.facts().contextLength())));
    }

    private Optional<String> license() {
        return card.texts("license").stream()
                .filter(text -> text.length() <= MAX_FAMILY)
                .findFirst();
    }
}
