package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Ancestor;
import io.orrery.api.hub.RepoType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that a repository is found by: what its card says, and what its files let one guess, as the Hub does.
 *
 * @param formats of the files, such as {@code safetensors}
 */
record CommitLabels(
        RepoType type,
        ModelCard.Data card,
        CommitConfigs configs,
        List<String> formats,
        List<Ancestor> lineage,
        String text) {
    private static final int MOST_PAPERS = 20;
    private static final Pattern PAPER = Pattern.compile("arxiv\\.org/(?:abs|pdf)/(\\d{4}\\.\\d{4,5})");

    /** Keys of a dataset's card whose values are tags under the key's name (hub-docs {@code datasetcard.md}). */
    private static final List<String> OF_DATASETS = List.of(
            "task_categories",
            "task_ids",
            "annotations_creators",
            "language_creators",
            "multilinguality",
            "source_datasets",
            "language",
            "size_categories");

    /** Tasks by the ends of the names of classes (transformers {@code models/auto/modeling_auto.py}). */
    private static final Map<String, String> TASKS = Map.of(
            "ForCausalLM", "text-generation",
            "LMHeadModel", "text-generation",
            "ForMaskedLM", "fill-mask",
            "ForSequenceClassification", "text-classification",
            "ForTokenClassification", "token-classification",
            "ForQuestionAnswering", "question-answering",
            "ForImageClassification", "image-classification",
            "ForObjectDetection", "object-detection",
            "ForSpeechSeq2Seq", "automatic-speech-recognition",
            "ForCTC", "automatic-speech-recognition");

    Optional<String> libraryName() {
        return card.text("library_name").or(() -> type == RepoType.DATASET ? Optional.empty() : configs.library());
    }

    Optional<String> pipelineTag() {
        return card.text("pipeline_tag")
                .or(() -> configs.architectures().stream()
                        .flatMap(name -> TASKS.entrySet().stream()
                                .filter(task -> name.endsWith(task.getKey()))
                                .map(Map.Entry::getValue))
                        .findFirst());
    }

    List<String> tags() {
        Set<String> tags = new LinkedHashSet<>();
        libraryName().ifPresent(tags::add);
        tags.addAll(formats);
        configs.family().ifPresent(tags::add);
        pipelineTag().ifPresent(tags::add);
        QuantizedConfig.of(configs.config()).ifPresent(quantized -> tags.addAll(quantized.tags()));
        tags.addAll(card.texts("tags"));
        if (type == RepoType.DATASET) {
            OF_DATASETS.forEach(key -> card.texts(key).forEach(value -> tags.add(key + ":" + value)));
        } else {
            tags.addAll(card.texts("language"));
        }
        card.texts("license").forEach(license -> tags.add("license:" + license));
        lineage.forEach(ancestor -> addAncestor(tags, ancestor));
        addPapers(tags);
        return List.copyOf(tags);
    }

    private static void addAncestor(Set<String> tags, Ancestor ancestor) {
        if (ancestor.relation().equals(Lineage.DATASET)) {
            tags.add("dataset:" + ancestor.repo());
        } else {
            tags.add("base_model:" + ancestor.repo());
            tags.add("base_model:" + ancestor.relation() + ":" + ancestor.repo());
        }
    }

    private void addPapers(Set<String> tags) {
        Matcher paper = PAPER.matcher(text);
        for (int i = 0; i < MOST_PAPERS && paper.find(); i++) {
            tags.add("arxiv:" + paper.group(1));
        }
    }
}
