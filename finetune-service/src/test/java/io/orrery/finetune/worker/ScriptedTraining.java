package io.orrery.finetune.worker;

import io.orrery.finetune.job.JobFailure;
import io.orrery.finetune.job.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * A trainer that computes nothing, unless told to be the real one: {@code n_epochs} steps with losses that follow from the step, a checkpoint after every second step, from
 * which it goes on. Tests make it wait, fail or fall silent at a step. Safe for many threads.
 */
public final class ScriptedTraining implements Training, TrainingSettings {
    /** What happens before a step is done. */
    public interface Script {
        void before(int step, Listener listener);

        /** For outside of this package. */
        interface Listener {
            boolean isStopped();
        }
    }

    private final Training engine;
    private final TrainingSettings settings;
    private volatile boolean real;
    private volatile Script script = (step, listener) -> {};
    private final List<Integer> stepsDone = new CopyOnWriteArrayList<>();
    private final AtomicInteger runs = new AtomicInteger();

    <T extends Training & TrainingSettings> ScriptedTraining(T engine) {
        this.engine = engine;
        this.settings = engine;
    }

    /** Leaves everything to the engine until the reset. */
    public void real() {
        real = true;
    }

    public void script(Script script) {
        this.script = script;
    }

    /** Back to doing every step at once. */
    public void reset() {
        script = (step, listener) -> {};
        real = false;
        stepsDone.clear();
        runs.set(0);
    }

    /** Every step that was done, by all runs since the reset. */
    public List<Integer> stepsDone() {
        return new ArrayList<>(stepsDone);
    }

    public int runs() {
        return runs.get();
    }

    @Override
    public long run(Task task, Listener listener) {
        runs.incrementAndGet();
        return real ? engine.run(task, listener) : pretend(task, listener);
    }

    private long pretend(Task task, Listener listener) {
        int total = ((Number) task.hyperparameters().getOrDefault("n_epochs", 4)).intValue();
        int done = newest(task.work().resolve("checkpoints"));
        listener.stage(done == 0 ? "training from the start" : "going on after step " + done);
        for (int step = done + 1; step <= total; step++) {
            script.before(step, listener::isStopped);
            if (listener.isStopped()) {
                throw new StoppedException();
            }
            stepsDone.add(step);
            double loss = 4.0 / step;
            listener.step(new Step(
                    step,
                    total,
                    10,
                    5,
                    loss,
                    Map.of(
                            "step",
                            step,
                            "total_steps",
                            total,
                            "train_loss",
                            loss,
                            "learning_rate",
                            1e-4,
                            "tokens_per_second",
                            100.0,
                            "trained_tokens",
                            5)));
            if (step % 2 == 0) {
                write(task.work().resolve("checkpoints").resolve("step-" + step), "state");
                listener.checkpoint(step);
            }
        }
        write(
                task.output().resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"base_model_name_or_path\":\""
                        + task.base().getFileName() + "\"}");
        write(task.output().resolve("adapter_model.safetensors"), "weights after " + total);
        return 5L * total;
    }

    private static int newest(Path checkpoints) {
        if (!Files.isDirectory(checkpoints)) {
            return 0;
        }
        try (var files = Files.list(checkpoints)) {
            return files.mapToInt(file ->
                            Integer.parseInt(file.getFileName().toString().substring("step-".length())))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, Object> resolve(Map<String, Object> hyperparameters) {
        if (real) {
            return engine.resolve(hyperparameters);
        }
        Map<String, Object> all = new TreeMap<>(hyperparameters);
        all.putIfAbsent("n_epochs", 4);
        return all;
    }

    @Override
    public void check(Map<String, Object> hyperparameters) {
        if (real) {
            settings.check(hyperparameters);
            return;
        }
        if (hyperparameters.containsKey("epochs")) {
            throw new IllegalArgumentException("unknown key 'epochs'; did you mean 'n_epochs'?");
        }
    }

    @Override
    public void checkData(Path file, String param) {
        if (real) {
            engine.checkData(file, param);
            return;
        }
        try {
            int line = 0;
            for (String text : Files.readAllLines(file)) {
                line++;
                if (!text.startsWith("{")) {
                    throw new JobFailedException(
                            JobFailure.invalidFile(param, param + " line " + line + ": no object"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts it under a context. */
    @TestConfiguration(proxyBeanMethods = false)
    public static class OfContext {
        @Bean
        @Primary
        ScriptedTraining scriptedTraining(EngineTraining engine) {
            return new ScriptedTraining(engine);
        }
    }
}
