package io.orrery.finetune.worker;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.model.ModelException;
import io.orrery.engine.ops.DeviceException;
import io.orrery.engine.ops.DeviceSettings;
import io.orrery.engine.ops.Devices;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.train.FineTune;
import io.orrery.engine.train.Hyperparameters;
import io.orrery.engine.train.TrainingCancelledException;
import io.orrery.engine.train.TrainingData;
import io.orrery.engine.train.TrainingDataException;
import io.orrery.engine.train.TrainingException;
import io.orrery.finetune.job.JobFailure;
import io.orrery.finetune.job.TrainingSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Trains by the engine. The device is opened for each run, by the thread that runs. */
@Component
class EngineTraining implements Training, TrainingSettings {
    private final String device;
    private final DeviceSettings settings;

    EngineTraining(WorkerProperties properties) {
        device = properties.device();
        settings = new DeviceSettings(properties.threads(), true);
    }

    @Override
    public long run(Task task, Listener listener) {
        FineTune.Job job = new FineTune.Job(
                task.base(),
                task.work(),
                task.output(),
                hyperparameters(task.hyperparameters()),
                task.trainingFile(),
                task.validationFile(),
                new FineTune.Origin(
                        task.origin().repository(), Optional.of(task.origin().commit())));
        try (Ops ops = Devices.open(device, settings)) {
            return FineTune.run(ops, job, new EngineListener(listener)).trainedTokens();
        } catch (TrainingCancelledException e) {
            throw new StoppedException();
        } catch (TrainingDataException e) {
            throw new JobFailedException(badRows(e, task));
        } catch (TrainingException e) {
            throw new JobFailedException(failure(e, task));
        } catch (DeviceException e) {
            throw new JobFailedException(
                    new JobFailure("training_failed", String.valueOf(e.getMessage()), Optional.empty()));
        } catch (ModelException | CheckpointException e) {
            throw new JobFailedException(
                    new JobFailure("unsupported_model", String.valueOf(e.getMessage()), Optional.of("model")));
        }
    }

    private static Hyperparameters hyperparameters(Map<String, Object> given) {
        try {
            return Hyperparameters.of(given);
        } catch (TrainingException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void check(Map<String, Object> given) {
        hyperparameters(given);
    }

    @Override
    public Map<String, Object> resolve(Map<String, Object> given) {
        return hyperparameters(given).toJson();
    }

    @Override
    public void checkData(Path file, String param) {
        try {
            TrainingData.check(file);
        } catch (TrainingDataException e) {
            throw new JobFailedException(badRows(e, param));
        } catch (TrainingException e) {
            throw new JobFailedException(JobFailure.invalidFile(param, named(e, file, param)));
        }
    }

    private static JobFailure badRows(TrainingDataException e, Task task) {
        String training = String.valueOf(task.trainingFile().getFileName());
        boolean isTraining = String.valueOf(e.getMessage()).startsWith(training);
        return badRows(e, isTraining ? JobFailure.TRAINING_FILE : JobFailure.VALIDATION_FILE);
    }

    /** On disk a file is called by its hash, which says nothing to its owner. */
    private static JobFailure badRows(TrainingDataException e, String param) {
        return JobFailure.invalidFile(
                param,
                e.problems().stream().map(problem -> param + " " + problem).collect(Collectors.joining("\n")));
    }

    private static String named(TrainingException e, Path file, String param) {
        return String.valueOf(e.getMessage()).replace(String.valueOf(file.getFileName()), param);
    }

    private static JobFailure failure(TrainingException e, Task task) {
        String message = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case HYPERPARAMETERS -> new JobFailure("invalid_hyperparameters", message, Optional.of("method"));
            case DATA ->
                JobFailure.invalidFile(
                        JobFailure.TRAINING_FILE, named(e, task.trainingFile(), JobFailure.TRAINING_FILE));
            case RUN -> new JobFailure("training_failed", message, Optional.empty());
        };
    }
}
