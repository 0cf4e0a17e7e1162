package io.orrery.finetune.worker;

import io.orrery.finetune.file.FileStore;
import io.orrery.finetune.job.Job;
import io.orrery.finetune.job.Jobs;
import io.orrery.finetune.job.LeasedWrites;
import io.orrery.finetune.registry.Models;
import org.springframework.stereotype.Component;

/** What attempts need of the rest of the service. */
@Component
record AttemptFactory(
        Models models, FileStore files, Jobs jobs, LeasedWrites writes, Training training, WorkFolders folders) {
    Reporter reporter(Job job, StopSwitch stop, WorkerMeters meters) {
        return new Reporter(job, jobs, writes, stop, meters);
    }

    Attempt attempt(Job job, StopSwitch stop, Reporter reporter) {
        return new Attempt(this, job, stop, reporter);
    }
}
