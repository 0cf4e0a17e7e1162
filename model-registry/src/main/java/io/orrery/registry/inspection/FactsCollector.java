package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Ancestor;
import io.orrery.api.hub.RepoInfo.Finding;
import io.orrery.api.hub.RepoInfo.GgufFacts;
import io.orrery.api.hub.RepoInfo.Inspection;
import io.orrery.api.hub.RepoInfo.SafetensorsFacts;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.RepoEvent;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts together what the files of a commit say, in the transaction that makes the commit. Only the root folder is looked at. */
@Component
class FactsCollector {
    private static final int MAX_TEXT = 4 << 20;

    private final Trees trees;
    private final Contents contents;
    private final ContentInspection inspection;
    private final Facts facts;
    private final JsonMapper json;

    FactsCollector(Trees trees, Contents contents, ContentInspection inspection, Facts facts, JsonMapper json) {
        this.trees = trees;
        this.contents = contents;
        this.inspection = inspection;
        this.facts = facts;
        this.json = json;
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void collect(RepoEvent.Committed event) {
        facts.save(event.repo().id(), event.commit().oid(), collect(event.commit()));
    }

    private CommitFacts collect(Commit commit) {
        Map<String, GitBlob> files = new TreeMap<>();
        for (TreeItem item : trees.list(commit, "", new Trees.Page(false, "", Integer.MAX_VALUE))) {
            item.blob().ifPresent(blob -> files.put(item.path(), blob));
        }
        List<Finding> findings = new ArrayList<>();
        ModelCard card = text(files, "README.md").map(ModelCard::parse).orElseGet(ModelCard.Absent::new);
        if (card instanceof ModelCard.Broken broken) {
            findings.add(new Finding("README.md", broken.message()));
        }
        Optional<JsonNode> config = object(files, "config.json", findings);
        Optional<JsonNode> adapter = object(files, "adapter_config.json", findings);
        Map<String, ContentFacts> weights = weights(files, findings);
        Optional<SafetensorsFacts> safetensors = safetensors(files, weights, findings);
        Optional<GgufFacts> gguf = gguf(weights);
        ModelCard.Data data = card instanceof ModelCard.Data read ? read : new ModelCard.Data(Map.of());
        List<Ancestor> lineage = Lineage.of(data, adapter);
        CommitLabels labels = new CommitLabels(data, config, adapter, lineage);
        return new CommitFacts(
                labels.tags(safetensors.isPresent(), gguf.isPresent()),
                labels.pipelineTag(),
                labels.libraryName(),
                new CommitFacts.Details(
                        data.values().isEmpty() ? null : data.values(),
                        config.map(this::excerpt).orElse(null),
                        safetensors.orElse(null),
                        gguf.orElse(null),
                        new Inspection(findings, lineage)));
    }

    private Map<String, ContentFacts> weights(Map<String, GitBlob> files, List<Finding> findings) {
        Map<String, ContentFacts> read = new TreeMap<>();
        files.forEach((path, blob) -> inspection.result(path, blob).ifPresent(result -> {
            switch (result) {
                case ContentInspection.Result.Read good -> read.put(path, good.facts());
                case ContentInspection.Result.Broken broken -> findings.add(new Finding(path, broken.finding()));
            }
        }));
        return read;
    }

    /** The shards that the index names, else the file with the usual name, else all: some repositories hold the weights twice. */
    private Optional<SafetensorsFacts> safetensors(
            Map<String, GitBlob> files, Map<String, ContentFacts> weights, List<Finding> findings) {
        List<String> counted = object(files, "model.safetensors.index.json", findings)
                .map(index -> index.path("weight_map")
                        .valueStream()
                        .map(JsonNode::asString)
                        .distinct()
                        .toList())
                .orElseGet(() -> weights.keySet().stream()
                        .filter(path -> path.endsWith(".safetensors"))
                        .filter(path -> !weights.containsKey("model.safetensors") || path.equals("model.safetensors"))
                        .toList());
        Map<String, Long> parameters = new TreeMap<>();
        for (String path : counted) {
            ContentFacts content = weights.get(path);
            if (content != null) {
                content.parameters().forEach((type, count) -> parameters.merge(type, count, Long::sum));
            }
        }
        return parameters.isEmpty()
                ? Optional.empty()
                : Optional.of(new SafetensorsFacts(
                        parameters,
                        parameters.values().stream().mapToLong(Long::longValue).sum()));
    }

    private static Optional<GgufFacts> gguf(Map<String, ContentFacts> weights) {
        return weights.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(".gguf"))
                .map(Map.Entry::getValue)
                .findFirst()
                .map(file ->
                        new GgufFacts(file.total(), file.architecture(), file.contextLength(), file.quantization()));
    }

    private Map<String, Object> excerpt(JsonNode config) {
        Map<String, Object> excerpt = new LinkedHashMap<>();
        for (String key : List.of("architectures", "model_type", "quantization_config")) {
            if (config.has(key)) {
                excerpt.put(key, json.convertValue(config.get(key), Object.class));
            }
        }
        return excerpt;
    }

    private Optional<JsonNode> object(Map<String, GitBlob> files, String path, List<Finding> findings) {
        Optional<String> text = text(files, path);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode tree = json.readTree(text.get());
            if (tree.isObject()) {
                return Optional.of(tree);
            }
            findings.add(new Finding(path, path + " must be a JSON object"));
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            findings.add(new Finding(path, path + " breaks at line " + line + ": " + e.getOriginalMessage()));
        }
        return Optional.empty();
    }

    private Optional<String> text(Map<String, GitBlob> files, String path) {
        GitBlob blob = files.get(path);
        if (blob == null || blob.size() > MAX_TEXT) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new String(contents.open(blob.sha256().orElseThrow()).beginning(MAX_TEXT), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the content of " + path + " could not be read", e);
        }
    }
}
