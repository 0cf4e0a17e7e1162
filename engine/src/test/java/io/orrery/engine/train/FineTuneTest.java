package io.orrery.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.ops.Ops;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FineTuneTest {
    private static final Map<String, Object> LORA = Map.of(
            "n_epochs", 5,
            "batch_size", 4,
            "learning_rate", 0.02,
            "checkpoint_steps", 3,
            "lora", Map.of("rank", 4, "alpha", 8, "dropout", 0.1));

    private final Ops ops = CpuOps.create(CpuOptions.defaults());
    private final Recorder heard = new Recorder();

    @TempDir
    private Path folder;

    /** Cancels after so many steps, and remembers what it hears. */
    private static final class Recorder implements TrainListener {
        private final List<String> stages = new ArrayList<>();
        private final List<StepMetrics> steps = new ArrayList<>();
        private final List<Integer> checkpoints = new ArrayList<>();
        private int cancelAfter = Integer.MAX_VALUE;

        @Override
        public void stage(String text) {
            stages.add(text);
        }

        @Override
        public void step(StepMetrics metrics) {
            steps.add(metrics);
        }

        @Override
        public void checkpoint(int step, Path folder) {
            assertThat(folder).isDirectory();
            checkpoints.add(step);
        }

        @Override
        public boolean isCancelled() {
            return steps.size() >= cancelAfter;
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        TinyModelFolder.write(folder.resolve("base"));
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            rows.add(
                    "{\"messages\": [{\"role\": \"user\", \"content\": \"What is %d?\"}, {\"role\": \"assistant\", \"content\": \"It is %d.\"}]}"
                            .formatted(i, i));
        }
        Files.write(folder.resolve("train.jsonl"), rows);
        Files.write(folder.resolve("valid.jsonl"), rows.subList(0, 3));
    }

    @AfterEach
    void close() {
        ops.close();
    }

    @Test
    void anAdapterIsTrainedAndWrittenAsPeftReadsIt() {
        FineTune.Result result = FineTune.run(ops, job("one", LORA), heard);
        assertThat(result.steps()).isEqualTo(15);
        assertThat(result.trainedTokens()).isEqualTo(5 * result.data().trainedTokens());
        assertThat(heard.steps.getLast().loss())
                .isLessThan(0.85 * heard.steps.getFirst().loss());
        assertThat(result.trainLoss()).isEqualTo(heard.steps.getLast().loss());
        assertThat(result.validation().loss().orElseThrow())
                .isLessThan(heard.steps.getFirst().loss());
        assertThat(heard.checkpoints).containsExactly(3, 6, 9, 12, 15);
        assertThat(heard.stages).anyMatch(stage -> stage.startsWith("training file: 10 rows"));
        try (PeftAdapter adapter = PeftAdapter.open(folder.resolve("one/output"))) {
            assertThat(adapter.config().baseModel()).isEqualTo("orrery/tiny");
            assertThat(adapter.config().revision()).contains("abc");
            assertThat(adapter.pairs()).hasSize(14);
            assertThat(adapter.pairs().get("model.layers.1.mlp.down_proj").scale())
                    .isEqualTo(2);
        }
        JsonNode report = JsonMapper.shared()
                .readTree(folder.resolve("one/output/training.json").toFile());
        assertThat(report.get("steps")).hasSize(15);
        assertThat(report.get("steps").get(2).get("valid_loss").doubleValue()).isPositive();
        assertThat(report.get("data").get("rows").intValue()).isEqualTo(10);
        assertThat(report.get("hyperparameters").get("lora").get("rank").intValue())
                .isEqualTo(4);
    }

    @Test
    void theLastCheckpointsStayAlone() throws IOException {
        FineTune.run(ops, job("one", LORA), heard);
        try (Stream<Path> kept = Files.list(folder.resolve("one/work/checkpoints"))) {
            assertThat(kept.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("step-9", "step-12", "step-15");
        }
    }

    @Test
    void aCancelledRunGoesOnWhereItWasAndEndsTheSame() throws IOException {
        FineTune.run(ops, job("whole", LORA), heard);
        Recorder cancelling = new Recorder();
        cancelling.cancelAfter = 7;
        FineTune.Job job = job("parts", LORA);
        assertThatThrownBy(() -> FineTune.run(ops, job, cancelling))
                .isInstanceOf(TrainingCancelledException.class)
                .hasMessage("cancelled after step 7");
        assertThat(cancelling.checkpoints).containsExactly(3, 6, 7);
        assertThat(job.output()).doesNotExist();
        Recorder going = new Recorder();
        FineTune.Result result = FineTune.run(ops, job, going);
        assertThat(going.stages).contains("going on after step 7 from step-7");
        assertThat(going.steps.getFirst().step()).isEqualTo(8);
        assertThat(result.steps()).isEqualTo(15);
        assertThat(adapter("parts")).isEqualTo(adapter("whole"));
    }

    @Test
    void brokenCheckpointsArePassedOver() throws IOException {
        FineTune.run(ops, job("whole", LORA), heard);
        Path checkpoints = folder.resolve("whole/work/checkpoints");
        try (RandomAccessFile last = new RandomAccessFile(
                checkpoints.resolve("step-15/state.safetensors").toFile(), "rw")) {
            last.setLength(last.length() / 2);
        }
        try (RandomAccessFile flipped = new RandomAccessFile(
                checkpoints.resolve("step-12/state.safetensors").toFile(), "rw")) {
            flipped.seek(flipped.length() - 3);
            int old = flipped.read();
            flipped.seek(flipped.length() - 3);
            flipped.write(old ^ 1);
        }
        byte[] before = adapter("whole");
        Recorder again = new Recorder();
        FineTune.run(ops, job("whole", LORA), again);
        assertThat(again.stages)
                .anyMatch(stage -> stage.startsWith("passing over checkpoint step-15: "))
                .anyMatch(stage ->
                        stage.startsWith("passing over checkpoint step-12: ") && stage.endsWith("the checksum differs"))
                .contains("going on after step 9 from step-9");
        assertThat(adapter("whole")).isEqualTo(before);
    }

    @Test
    void checkpointsOfOtherDataAreNotGoneOnFrom() throws IOException {
        FineTune.run(ops, job("one", LORA), heard);
        Files.write(folder.resolve("train.jsonl"), List.of("{\"text\": \"something else\"}"));
        Recorder again = new Recorder();
        FineTune.run(ops, job("one", LORA), again);
        assertThat(again.stages).anyMatch(stage -> stage.contains("is of another run: its data_sha256"));
        assertThat(again.steps.getFirst().step()).isEqualTo(1);
    }

    @Test
    void aFullRunWritesAModelFolder() {
        FineTune.Job job = job("full", Map.of("full", true, "n_epochs", 8, "learning_rate", 0.01, "batch_size", 5));
        FineTune.run(ops, job, heard);
        assertThat(heard.steps.getLast().loss())
                .isLessThan(0.7 * heard.steps.getFirst().loss());
        try (ModelFiles model = ModelFiles.open(job.output())) {
            assertThat(model.tokenizer().id("<|im_end|>")).isPresent();
            assertThat(model.chatFormat()).isPresent();
            assertThat(model.contextLength()).isEqualTo(128);
        }
    }

    @Test
    void wrongDataEndsTheRunAndLeavesNothing() throws IOException {
        Files.write(folder.resolve("train.jsonl"), List.of("{\"messages\": [{\"role\": \"user\"}]}"));
        assertThatThrownBy(() -> FineTune.run(ops, job("one", LORA), heard))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("train.jsonl line 1 at /messages/0/content");
        assertThat(folder.resolve("one/output")).doesNotExist();
    }

    private byte[] adapter(String run) throws IOException {
        return Files.readAllBytes(folder.resolve(run + "/output/adapter_model.safetensors"));
    }

    private FineTune.Job job(String run, Map<String, Object> options) {
        return new FineTune.Job(
                folder.resolve("base"),
                folder.resolve(run + "/work"),
                folder.resolve(run + "/output"),
                Hyperparameters.of(new HashMap<>(options)),
                folder.resolve("train.jsonl"),
                Optional.of(folder.resolve("valid.jsonl")),
                new FineTune.Origin("orrery/tiny", Optional.of("abc")));
    }
}
