package io.orrery.finetune.worker;

import io.orrery.finetune.file.FileStore;
import io.orrery.finetune.job.Job;
import io.orrery.finetune.job.JobFailure;
import io.orrery.finetune.job.JobMetrics;
import io.orrery.finetune.job.JobSpec;
import io.orrery.finetune.job.LeasedWrites;
import io.orrery.finetune.registry.Models;
import io.orrery.finetune.registry.Publication;
import io.orrery.finetune.registry.RegistryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One attempt at a job: fetch the base, train, publish. Confined to the device's thread. */
final class Attempt {
    private final AttemptFactory with;
    private final Job job;
    private final StopSwitch stop;
    private final Reporter reporter;

    Attempt(AttemptFactory with, Job job, StopSwitch stop, Reporter reporter) {
        this.with = with;
        this.job = job;
        this.stop = stop;
        this.reporter = reporter;
    }

    /** Throws {@link StoppedException} where the switch was pressed, {@link JobFailedException} where trying again is no use. */
    LeasedWrites.Result run() {
        Path base = base();
        String commit = String.valueOf(base.getFileName());
        Path output = with.folders().attempt(job.id(), job.run().epoch());
        long trainedTokens = with.training().run(task(base, output), reporter);
        stop.check();
        reporter.stage("Publishing to " + job.spec().outputRepository());
        reporter.flush();
        String published = publish(output, commit, trainedTokens);
        return new LeasedWrites.Result(name(output), published, trainedTokens);
    }

    private Path base() {
        JobSpec.Base base = job.spec().base();
        reporter.stage("Fetching base model " + base.repository() + " at " + base.revision());
        try {
            Models.Transfer transfer = (done, total) -> stop.check();
            Path folder = with.models().snapshot(job.owner(), base.repository(), base.revision(), transfer);
            if (base.commit().isEmpty()) {
                with.writes().baseIs(job.lease(), String.valueOf(folder.getFileName()));
            }
            stop.check();
            return folder;
        } catch (RegistryException e) {
            throw permanent(e, "model_not_found", Optional.of("model"));
        }
    }

    private Training.Task task(Path base, Path output) {
        JobSpec spec = job.spec();
        return new Training.Task(
                base,
                new Training.Origin(spec.base().repository(), String.valueOf(base.getFileName())),
                with.folders().job(job.id()),
                output,
                spec.hyperparameters(),
                content(with.files(), spec.training(), JobFailure.TRAINING_FILE),
                spec.validation().map(file -> content(with.files(), file, JobFailure.VALIDATION_FILE)));
    }

    private static Path content(FileStore files, JobSpec.DataFile file, String param) {
        try {
            return files.content(file.sha256());
        } catch (IOException e) {
            throw new JobFailedException(JobFailure.invalidFile(
                    param, "File '" + file.id() + "' cannot be read: " + e.getMessage() + ". Upload it again."));
        }
    }

    private String publish(Path output, String baseCommit, long trainedTokens) {
        JobSpec spec = job.spec();
        Publication.Lineage lineage = new Publication.Lineage(
                job.id(),
                spec.base().repository(),
                baseCommit,
                spec.training().sha256(),
                spec.validation().map(JobSpec.DataFile::sha256),
                with.training().resolve(spec.hyperparameters()),
                trainedTokens,
                losses());
        try {
            return with.models().publish(new Publication(job.owner(), spec.outputRepository(), output, lineage));
        } catch (RegistryException e) {
            throw permanent(e, "publishing_failed", Optional.empty());
        }
    }

    private List<Publication.Loss> losses() {
        return with.jobs().metrics(job.id()).stream().map(Attempt::loss).toList();
    }

    private static Publication.Loss loss(JobMetrics metrics) {
        Object training = metrics.data().get("train_loss");
        Object validation = metrics.data().get("valid_loss");
        return new Publication.Loss(
                metrics.step(),
                training instanceof Number number ? number.doubleValue() : Double.NaN,
                validation instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty());
    }

    /** As the gateway routes it: an adapter over its base, or a whole model of its own. */
    private String name(Path output) {
        return Files.exists(output.resolve("adapter_config.json"))
                ? job.spec().base().repository() + ":" + job.spec().outputRepository()
                : job.spec().outputRepository();
    }

    private static RuntimeException permanent(RegistryException e, String code, Optional<String> param) {
        return e.isPassing() ? e : new JobFailedException(new JobFailure(code, String.valueOf(e.getMessage()), param));
    }
}
