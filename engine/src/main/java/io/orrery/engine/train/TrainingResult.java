package io.orrery.engine.train;

import io.orrery.engine.checkpoint.AtomicFile;
import io.orrery.engine.checkpoint.AtomicFolder;
import io.orrery.engine.checkpoint.TensorBytes;
import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.checkpoint.peft.PeftConfig;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run leaves: an adapter as PEFT reads it or a model folder, and {@code training.json} with what was done. */
final class TrainingResult {
    /** What a model folder needs beside weights and configuration, where the base has it. */
    private static final List<String> COMPANIONS = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "generation_config.json",
            "chat_template.jinja",
            "chat_template.json");

    private TrainingResult() {}

    static FineTune.Result of(
            List<Map<String, Object>> metrics, StepMetrics.Validation validation, TrainingData.Report data) {
        long trained = metrics.stream()
                .mapToLong(step -> (long) number(step, "trained_tokens"))
                .sum();
        double loss = number(metrics.getLast(), "train_loss");
        return new FineTune.Result(metrics.size(), trained, loss, validation, data);
    }

    private static double number(Map<String, Object> step, String key) {
        if (step.get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw new TrainingException(
                TrainingException.Cause.RUN, "the metrics of a step have no " + key + " but " + step.keySet());
    }

    static void write(
            FineTune.Job job,
            ModelFiles base,
            Trainer trainer,
            TrainingData.Report data,
            List<Map<String, Object>> metrics) {
        AtomicFolder.write(job.output(), folder -> {
            switch (trainer.trainable()) {
                case Trainable.Adapter adapter -> writeAdapter(folder, job, base, adapter.adapter(), trainer.ops());
                case Trainable.Everything all -> writeModel(folder, base, all.weights(), trainer.ops());
            }
            writeReport(folder.resolve("training.json"), job, trainer, data, metrics);
        });
    }

    private static void writeAdapter(Path folder, FineTune.Job job, ModelFiles base, LoraAdapter adapter, Ops ops) {
        if (!(job.hyperparameters().method() instanceof Hyperparameters.Lora lora)) {
            throw new IllegalStateException("an adapter comes from LoRA");
        }
        WeightNames names = WeightNames.of(base.spec());
        Map<String, PeftAdapter.Pair> pairs = new LinkedHashMap<>();
        adapter.deltas()
                .forEach((projection, delta) -> pairs.put(
                        names.huggingFace(projection),
                        new PeftAdapter.Pair(
                                SavedState.host(delta.a(), ops), SavedState.host(delta.b(), ops), lora.scale())));
        PeftConfig config = new PeftConfig(
                job.origin().model(),
                job.origin().revision(),
                lora.rank(),
                lora.alpha(),
                lora.targetModules(),
                lora.dropout(),
                lora.rankStabilised(),
                Map.of(),
                Map.of(),
                false);
        PeftAdapter.write(folder, config, pairs);
    }

    private static void writeModel(Path folder, ModelFiles base, Map<String, Tensor> weights, Ops ops) {
        JsonNode config = base.config().orElseThrow();
        Map<String, Tensor> host = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> host.put(name, SavedState.host(tensor, ops)));
        ModelWriter.write(folder, base.spec(), config, host);
        for (String companion : COMPANIONS) {
            Path file = base.path().resolve(companion);
            if (Files.isRegularFile(file)) {
                copy(file, folder.resolve(companion));
            }
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + from + " to " + to + ": " + e.getMessage(), e);
        }
    }

    private static void writeReport(
            Path file, FineTune.Job job, Trainer trainer, TrainingData.Report data, List<Map<String, Object>> metrics) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("base_model", job.origin().model());
        job.origin().revision().ifPresent(revision -> report.put("base_revision", revision));
        report.put("device", trainer.ops().device());
        report.put("hyperparameters", job.hyperparameters().toJson());
        report.put("data", data.toJson());
        report.put("data_sha256", trainer.identity().get("data_sha256"));
        report.put("steps", metrics);
        byte[] json = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(report);
        AtomicFile.write(file, channel -> new TensorBytes(channel).write(json));
    }
}
