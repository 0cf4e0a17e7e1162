package io.orrery.finetune.worker;

import io.orrery.api.finetune.JobMessage;
import io.orrery.finetune.file.FileStore;
import io.orrery.finetune.job.Job;
import io.orrery.finetune.job.JobFailure;
import io.orrery.finetune.job.JobSpec.DataFile;
import io.orrery.finetune.job.Jobs;
import io.orrery.finetune.queue.HintListener;
import io.orrery.finetune.queue.Loop;
import io.orrery.finetune.queue.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Looks at the data of new jobs, so that a bad line is known at once and not when a device is free. Looking twice does no harm. */
@Component
class Validator implements HintListener {
    private static final int BATCH = 10;

    private final Jobs jobs;
    private final FileStore files;
    private final Training training;
    private final Signal signal = new Signal();

    Validator(Jobs jobs, FileStore files, Training training) {
        this.jobs = jobs;
        this.files = files;
        this.training = training;
    }

    Signal signal() {
        return signal;
    }

    /** Looks at all that wait. */
    Duration work() {
        List<Job> waiting = jobs.unvalidated(BATCH);
        waiting.forEach(job -> jobs.validated(job, problem(job)));
        return waiting.isEmpty() ? Loop.IDLE : Loop.MORE;
    }

    private Optional<JobFailure> problem(Job job) {
        return problem(job.spec().training(), JobFailure.TRAINING_FILE)
                .or(() -> job.spec().validation().flatMap(file -> problem(file, JobFailure.VALIDATION_FILE)));
    }

    private Optional<JobFailure> problem(DataFile file, String param) {
        try {
            training.checkData(files.content(file.sha256()), param);
            return Optional.empty();
        } catch (JobFailedException e) {
            return Optional.of(e.failure());
        } catch (IOException e) {
            return Optional.of(JobFailure.invalidFile(
                    param, "File '" + file.id() + "' cannot be read: " + e.getMessage() + ". Upload it again."));
        }
    }

    @Override
    public void hint(JobMessage message) {
        if (message.type().equals(JobMessage.SUBMITTED)) {
            signal.raise();
        }
    }
}
