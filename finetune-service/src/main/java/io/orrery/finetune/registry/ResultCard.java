package io.orrery.finetune.registry;

import io.orrery.finetune.registry.Publication.Lineage;
import io.orrery.finetune.registry.Publication.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The README.md of a result: whose data, which base, what settings, how the loss went. */
record ResultCard(Publication publication, boolean isAdapter) {
    private static final int MOST_ROWS = 25;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    String text() {
        Lineage lineage = publication.lineage();
        return """
                ---
                base_model: %s
                base_model_relation: %s
                base_model_revision: %s
                library_name: %s
                pipeline_tag: text-generation
                tags:
                - orrery
                - %s
                ---
                # %s

                %s of `%s`, tuned by job `%s`.

                | | |
                |---|---|
                | base | `%s` |
                | base commit | `%s` |
                | training data, sha256 | `%s` |
                | validation data, sha256 | %s |
                | trained tokens | %d |

                ## Settings

                ```json
                %s
                ```

                ## Loss

                %s
                """.formatted(
                        lineage.baseRepository(),
                        isAdapter ? "adapter" : "finetune",
                        lineage.baseCommit(),
                        isAdapter ? "peft" : "transformers",
                        isAdapter ? "lora" : "full-finetune",
                        publication.repository(),
                        isAdapter ? "A LoRA adapter" : "A fine-tuned copy",
                        lineage.baseRepository(),
                        lineage.job(),
                        lineage.baseRepository(),
                        lineage.baseCommit(),
                        lineage.trainingSha256(),
                        lineage.validationSha256().map(hash -> "`" + hash + "`").orElse("none"),
                        lineage.trainedTokens(),
                        JSON.writeValueAsString(lineage.hyperparameters()),
                        losses(lineage.losses()));
    }

    private static String losses(List<Loss> losses) {
        if (losses.isEmpty()) {
            return "No step was recorded.";
        }
        return "| step | training | validation |\n|---:|---:|---:|\n"
                + sample(losses).stream()
                        .map(loss -> "| %d | %s | %s |"
                                .formatted(
                                        loss.step(),
                                        number(loss.training()),
                                        loss.validation()
                                                .map(ResultCard::number)
                                                .orElse("")))
                        .collect(Collectors.joining("\n"));
    }

    /** Every step of a short run, evenly spaced ones of a long run, those with a validation, and the last. */
    private static List<Loss> sample(List<Loss> losses) {
        int stride = (losses.size() + MOST_ROWS - 1) / MOST_ROWS;
        List<Loss> rows = new ArrayList<>();
        for (int i = 0; i < losses.size(); i++) {
            Loss loss = losses.get(i);
            if (i % stride == 0 || i == losses.size() - 1 || loss.validation().isPresent()) {
                rows.add(loss);
            }
        }
        return rows;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
