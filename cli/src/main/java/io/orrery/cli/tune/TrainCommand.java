package io.orrery.cli.tune;

import io.orrery.cli.model.DeviceOptions;
import io.orrery.cli.model.ModelLocation;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.train.FineTune;
import io.orrery.engine.train.Hyperparameters;
import io.orrery.engine.train.TrainingCancelledException;
import io.orrery.engine.train.TrainingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The job of a file in this process, without services. Ctrl-C keeps a checkpoint, from which the same command goes on. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description =
                "Runs the job of a file (see orrery tune submit --help) in this process; run again, it goes on from its last checkpoint.",
        footer = {"", "Example: orrery train job.yaml --base ./tiny-llama --output ./tiny-llama-animals"})
public final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The job; its model may be a path too.")
    private Path file;

    @Option(names = "--base", paramLabel = "PATH", description = "The base model in place of the file's.")
    private @Nullable String base;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Folder for the result (default: the job's suffix, or its file's name, and -tuned).")
    private @Nullable Path output;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions form;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec);
        JobFile job = JobFile.read(file);
        Map<String, Path> data = job.checkedData();
        Path result = output == null ? Path.of(name(job) + "-tuned") : output;
        if (Files.exists(result)) {
            throw new IllegalArgumentException(
                    result + " is there already; name another folder with --output, or delete it");
        }
        FineTune.Job run = new FineTune.Job(
                ModelLocation.of(model(job), options, terminal),
                result.resolveSibling(result.getFileName() + ".work"),
                result,
                hyperparameters(job),
                Optional.ofNullable(data.get(JobFile.TRAINING_FILE))
                        .orElseThrow(() -> new JobFileException(file.getFileName()
                                + ": training_file must be a path here, not the id of an uploaded file")),
                Optional.ofNullable(data.get(JobFile.VALIDATION_FILE)));
        return run(run, terminal);
    }

    private static String name(JobFile job) {
        return job.text("suffix")
                .orElseGet(() -> String.valueOf(job.yaml().path().getFileName()).replaceFirst("\\.[^.]+$", ""));
    }

    /** A model that is a path counts from the job's file, as data does. */
    private String model(JobFile job) {
        if (base != null) {
            return base;
        }
        Path beside = job.yaml().path().resolveSibling(job.model());
        return Files.exists(beside) ? beside.toString() : job.model();
    }

    private static Hyperparameters hyperparameters(JobFile job) {
        try {
            return Hyperparameters.of(job.hyperparameters());
        } catch (TrainingException e) {
            throw new JobFileException(job.yaml().where("method") + ": " + e.getMessage(), e);
        }
    }

    /** The view is closed last: a signal waits for it, and what is said here is seen. */
    private int run(FineTune.Job run, Terminal terminal) {
        try (TrainingView view = new TrainingView(terminal, form.isJson())) {
            view.stopOnSignal();
            try (Ops ops = device.open(ActivationMode.F32)) {
                view.done(json(run, FineTune.run(ops, run, view)));
                return 0;
            } catch (TrainingCancelledException e) {
                terminal.note("stopped; run the same command to go on from the last checkpoint in " + run.work());
                return 1;
            }
        }
    }

    private static Map<String, Object> json(FineTune.Job run, FineTune.Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("output", run.output().toString());
        json.put("steps", result.steps());
        json.put("trained_tokens", result.trainedTokens());
        json.put("train_loss", result.trainLoss());
        result.validation().loss().ifPresent(loss -> json.put("valid_loss", loss));
        return json;
    }
}
