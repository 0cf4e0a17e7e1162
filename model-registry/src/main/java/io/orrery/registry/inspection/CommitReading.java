package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Ancestor;
import io.orrery.api.hub.RepoInfo.Finding;
import io.orrery.api.hub.RepoInfo.SafetensorsFacts;
import io.orrery.api.hub.RepoType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** One look at the files of a commit. Confined to one thread. */
final class CommitReading {
    private static final List<String> SHOWN = List.of("architectures", "model_type", "quantization_config");

    private final RepoType type;
    private final CommitFiles files;
    private final SortedMap<String, ContentFacts> headers;
    private final List<Finding> findings;

    /**
     * @param headers of weight files, by path
     * @param findings is added to
     */
    CommitReading(RepoType type, CommitFiles files, SortedMap<String, ContentFacts> headers, List<Finding> findings) {
        this.type = type;
        this.files = files;
        this.headers = headers;
        this.findings = findings;
    }

    CommitFacts facts() {
        String text = files.text("README.md").orElse("");
        ModelCard.Data card = card(text);
        CommitConfigs configs = CommitConfigs.of(files);
        List<ContentFacts> weights = new WeightFiles(files, headers)
                .safetensors(configs.pipeline()).stream()
                        .map(headers::get)
                        .filter(Objects::nonNull)
                        .toList();
        List<GgufGroup> ggufs = GgufGroup.of(headers);
        Optional<SafetensorsFacts> safetensors = safetensors(weights);
        boolean isQuantized =
                !ggufs.isEmpty() || QuantizedConfig.of(configs.config()).isPresent();
        List<Ancestor> lineage = new Lineage(card, configs.adapter(), ggufBases(), isQuantized).ancestors();
        CommitLabels labels = new CommitLabels(type, card, configs, formats(safetensors, ggufs), lineage, text);
        if (type == RepoType.MODEL) {
            PickleFiles.onlyWeights(files.files()).ifPresent(findings::add);
        }
        return new CommitFacts(
                labels.tags(),
                labels.pipelineTag(),
                labels.libraryName(),
                new ModelProfile(configs.config(), configs.pipeline(), card, weights, ggufs).values(),
                new CommitFacts.Details(
                        card.values().isEmpty() ? null : card.values(),
                        configs.config().map(this::excerpt).orElse(null),
                        safetensors.orElse(null),
                        ggufs.stream().findFirst().map(GgufGroup::facts).orElse(null),
                        findings,
                        lineage));
    }

    private ModelCard.Data card(String text) {
        return switch (ModelCard.parse(text)) {
            case ModelCard.Data data -> data;
            case ModelCard.Absent absent -> new ModelCard.Data(Map.of());
            case ModelCard.Broken broken -> {
                findings.add(new Finding("README.md", broken.message()));
                yield new ModelCard.Data(Map.of());
            }
        };
    }

    private static Optional<SafetensorsFacts> safetensors(List<ContentFacts> weights) {
        Map<String, Long> parameters = new TreeMap<>();
        weights.forEach(
                header -> header.parameters().forEach((type, count) -> parameters.merge(type, count, Long::sum)));
        return parameters.isEmpty()
                ? Optional.empty()
                : Optional.of(new SafetensorsFacts(
                        parameters,
                        parameters.values().stream().mapToLong(Long::longValue).sum()));
    }

    private static List<String> formats(Optional<SafetensorsFacts> safetensors, List<GgufGroup> ggufs) {
        List<String> formats = new ArrayList<>();
        if (safetensors.isPresent()) {
            formats.add("safetensors");
        }
        if (!ggufs.isEmpty()) {
            formats.add("gguf");
        }
        return formats;
    }

    private Map<String, List<String>> ggufBases() {
        Map<String, List<String>> bases = new TreeMap<>();
        headers.forEach((path, header) -> {
            if (!header.baseModels().isEmpty()) {
                bases.put(path, header.baseModels());
            }
        });
        return bases;
    }

    private Map<String, Object> excerpt(JsonNode config) {
        Map<String, Object> excerpt = new LinkedHashMap<>();
        for (String key : SHOWN) {
            if (config.has(key)) {
                excerpt.put(key, files.json().convertValue(config.get(key), Object.class));
            }
        }
        return excerpt;
    }
}
