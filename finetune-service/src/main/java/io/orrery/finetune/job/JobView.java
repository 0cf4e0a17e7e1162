package io.orrery.finetune.job;

import io.orrery.api.openai.FineTuningJob;
import io.orrery.api.openai.FineTuningMethod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A job on OpenAI's wire. */
@Component
class JobView {
    private static final List<String> OPENAI = List.of("n_epochs", "batch_size", "learning_rate_multiplier");

    private final JobTable jobs;

    JobView(JobTable jobs) {
        this.jobs = jobs;
    }

    FineTuningJob of(Job job) {
        JobSpec spec = job.spec();
        return new FineTuningJob(
                job.id(),
                FineTuningJob.OBJECT,
                job.times().created().getEpochSecond(),
                seconds(job.times().finished()),
                seconds(job.times().estimatedFinish()),
                spec.base().model(),
                job.end().fineTunedModel().orElse(null),
                job.owner().project(),
                job.state().status(),
                spec.training().id(),
                spec.validation().map(JobSpec.DataFile::id).orElse(null),
                List.of(),
                job.run().trainedTokens() == 0 ? null : job.run().trainedTokens(),
                ofOpenAi(spec.hyperparameters()),
                FineTuningMethod.supervised(spec.hyperparameters()),
                spec.seed(),
                List.of(),
                spec.metadata(),
                spec.suffix().orElse(null),
                job.end().failure().map(JobView::error).orElse(null),
                lab(job));
    }

    private FineTuningJob.Lab lab(Job job) {
        return new FineTuningJob.Lab(
                job.state().word(),
                job.state() == JobState.QUEUED ? jobs.queuePosition(job) : null,
                job.run().step(),
                job.run().totalSteps().orElse(null),
                job.run().epoch(),
                job.run().worker().orElse(null),
                job.spec().base().commit().orElse(null),
                job.spec().training().sha256(),
                job.spec().outputRepository(),
                job.end().outputCommit().orElse(null));
    }

    private static Map<String, Object> ofOpenAi(Map<String, Object> hyperparameters) {
        Map<String, Object> shown = new TreeMap<>();
        OPENAI.forEach(key -> shown.put(key, hyperparameters.getOrDefault(key, "auto")));
        return shown;
    }

    private static FineTuningJob.Error error(JobFailure failure) {
        return new FineTuningJob.Error(
                failure.code(), failure.message(), failure.param().orElse(null));
    }

    private static @Nullable Long seconds(Optional<Instant> time) {
        return time.map(Instant::getEpochSecond).orElse(null);
    }
}
