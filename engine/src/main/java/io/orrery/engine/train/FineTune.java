package io.orrery.engine.train;

import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.template.ChatFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A whole run: reads base model and data, trains with checkpoints, writes the adapter or the model. Run again after it was
 * cancelled or died, it goes on from the newest whole checkpoint, and the result is the same bit for bit.
 */
public final class FineTune {
    private final Ops ops;
    private final Job job;
    private final TrainListener listener;

    private FineTune(Ops ops, Job job, TrainListener listener) {
        this.ops = ops;
        this.job = job;
        this.listener = listener;
    }

    /**
     * What to train on what.
     *
     * @param base model folder or GGUF file
     * @param work folder of this run's own, where checkpoints lie; made where it is not there
     * @param output folder for the result, which appears whole at the end
     * @param origin what the result says it comes from
     */
    public record Job(
            Path base,
            Path work,
            Path output,
            Hyperparameters hyperparameters,
            Path trainingFile,
            Optional<Path> validationFile,
            Origin origin) {
        /** Comes from the base's path. */
        public Job(
                Path base,
                Path work,
                Path output,
                Hyperparameters hyperparameters,
                Path trainingFile,
                Optional<Path> validationFile) {
            this(
                    base,
                    work,
                    output,
                    hyperparameters,
                    trainingFile,
                    validationFile,
                    new Origin(base.toString(), Optional.empty()));
        }
    }

    /**
     * Base model as an adapter names it.
     *
     * @param model repository or path
     * @param revision of the repository
     */
    public record Origin(String model, Optional<String> revision) {}

    /**
     * What came out.
     *
     * @param steps of the whole run, those before a resumption among them
     * @param trainedTokens labels learned, each as often as it was
     * @param trainLoss of the last step
     * @param validation of the validation file at the end
     */
    public record Result(
            int steps,
            long trainedTokens,
            double trainLoss,
            StepMetrics.Validation validation,
            TrainingData.Report data) {}

    /**
     * Runs a job to its end on the calling thread, which owns the device.
     *
     * @throws TrainingCancelledException where the listener asked for it; what was done is in a checkpoint then
     * @throws TrainingDataException where rows of a file are wrong
     * @throws TrainingException where the job cannot be done
     * @throws io.orrery.engine.model.ModelException where the base cannot be used
     */
    public static Result run(Ops ops, Job job, TrainListener listener) {
        return new FineTune(ops, job, listener).run();
    }

    private Result run() {
        listener.stage("opening " + job.origin().model());
        try (ModelFiles base = ModelFiles.open(job.base())) {
            requireWritable(base);
            int longest = Math.min(job.hyperparameters().passes().maxSequenceLength(), base.contextLength());
            TextFormat format = format(base);
            TrainingData training = read("training", job.trainingFile(), format, longest);
            List<Example> validation = job.validationFile()
                    .map(file -> read("validation", file, format, longest).examples())
                    .orElse(List.of());
            requireGoingOn();
            listener.stage("loading the weights onto " + ops.device());
            Network network = network(base);
            try (Trainer trainer = Trainer.of(network, job.hyperparameters(), training.examples())) {
                TrainingRun run = new TrainingRun(trainer, validation, job, listener);
                List<Map<String, Object>> metrics = run.toEnd();
                listener.stage("writing the result");
                TrainingResult.write(job, base, trainer, training.report(), metrics);
                return TrainingResult.of(metrics, run.validation(), training.report());
            } finally {
                network.free();
            }
        }
    }

    /** Said before the work rather than after it. */
    private void requireWritable(ModelFiles base) {
        if (job.hyperparameters().method() instanceof Hyperparameters.Full
                && base.config().isEmpty()) {
            throw new TrainingException(
                    TrainingException.Cause.HYPERPARAMETERS,
                    "full is true; it must be false for " + base.path()
                            + ", which has no config.json: train an adapter, or give a model folder");
        }
    }

    private void requireGoingOn() {
        if (listener.isCancelled()) {
            throw new TrainingCancelledException(0);
        }
    }

    private TrainingData read(String what, Path file, TextFormat format, int longest) {
        listener.stage("reading the " + what + " file");
        TrainingData data = TrainingData.read(file, format, longest);
        listener.stage(what + " file: " + data.report());
        return data;
    }

    private TextFormat format(ModelFiles base) {
        // a file that is not there is named by its reader
        Optional<ChatFormat> chat =
                Files.exists(job.trainingFile()) ? base.chatFormat().map(this::dated) : base.chatFormat();
        OptionalInt named = TextFormat.of(base.tokenizer(), chat).endToken();
        OptionalInt end = named.isPresent()
                ? named
                : base.stopTokens().stream().mapToInt(Integer::intValue).min();
        return new TextFormat(base.tokenizer(), chat, end);
    }

    /** A template that shows the date shows the training file's: a run that goes on tomorrow must see the same data. */
    private ChatFormat dated(ChatFormat chat) {
        try {
            Instant written = Files.getLastModifiedTime(job.trainingFile()).toInstant();
            return new ChatFormat(chat.template(), chat.specialTokens(), Clock.fixed(written, ZoneOffset.UTC));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + job.trainingFile() + ": " + e.getMessage(), e);
        }
    }

    private Network network(ModelFiles base) {
        return switch (job.hyperparameters().method()) {
            case Hyperparameters.Full _ -> Network.trainable(base.spec(), base.weights(), ops);
            case Hyperparameters.Lora _ -> Network.frozen(base.spec(), base.weights(), ops);
        };
    }
}
