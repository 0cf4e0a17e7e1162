package io.orrery.finetune.job;

import io.orrery.api.finetune.JobMessage;
import io.orrery.api.openai.FileObject;
import io.orrery.api.openai.FineTuningJobRequest;
import io.orrery.finetune.access.Caller;
import io.orrery.finetune.file.FileStore;
import io.orrery.finetune.file.StoredFile;
import io.orrery.finetune.job.JobSpec.DataFile;
import io.orrery.finetune.registry.Models;
import io.orrery.finetune.registry.RegistryException;
import io.orrery.finetune.wire.RequestProblem;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes jobs in, lets validated ones through, and cancels. Thread-safe. */
@Service
public class Jobs {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    private final JobRequests requests;
    private final JobTable table;
    private final JobEvents events;
    private final FileStore files;
    private final Models models;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    Jobs(
            JobRequests requests,
            Tables tables,
            FileStore files,
            Models models,
            JdbcClient jdbc,
            TransactionTemplate transactions) {
        this.requests = requests;
        this.table = tables.jobs();
        this.events = tables.events();
        this.files = files;
        this.models = models;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** The row, its event and the wake-up come in one transaction, or none of them. */
    Job submit(Caller owner, FineTuningJobRequest request) {
        JobRequests.Checked checked = requests.check(owner, request);
        JobSpec.Base base = base(owner, checked);
        String id = "ftjob-" + UUID.randomUUID().toString().replace("-", "");
        Job made = transactions.execute(status -> {
            JobSpec spec = new JobSpec(
                    base,
                    dataFile(owner, JobFailure.TRAINING_FILE, checked.trainingFile()),
                    checked.validationFile().map(file -> dataFile(owner, JobFailure.VALIDATION_FILE, file)),
                    checked.suffix(),
                    checked.seed(),
                    checked.hyperparameters(),
                    checked.metadata(),
                    checked.output().orElse(owner.project() + "/" + id));
            table.insert(id, owner, spec);
            Job job = table.byId(id).orElseThrow();
            events.tell(Leases.subject(job), JobNote.info("Created fine-tuning job: " + id));
            events.hint(Leases.subject(job), JobMessage.JOBS, JobMessage.SUBMITTED);
            return job;
        });
        LOG.info("job {} of project {} made for base {}", id, owner.project(), checked.model());
        return Objects.requireNonNull(made, "the transaction has a result");
    }

    /** Pins the base to the commit that its revision is now, so that a later push does not change what is tuned. */
    private JobSpec.Base base(Caller owner, JobRequests.Checked checked) {
        JobSpec.Base asked = new JobSpec.Base(checked.model(), checked.repository(), Optional.empty());
        try {
            String commit = models.commit(owner, asked.repository(), asked.revision());
            return new JobSpec.Base(asked.model(), asked.repository(), Optional.of(commit));
        } catch (RegistryException e) {
            if (e.isPassing()) {
                LOG.warn("The base {} is resolved when the job runs: {}", asked.model(), e.getMessage());
                return asked;
            }
            throw RequestProblem.invalid("model", "model_not_found", String.valueOf(e.getMessage()));
        }
    }

    private DataFile dataFile(Caller owner, String param, String id) {
        StoredFile file = files.hold(owner.project(), id)
                .orElseThrow(() -> RequestProblem.invalid(
                        param, "file_not_found", "There is no file '" + id + "' in this project; upload it first."));
        if (!file.purpose().equals(FileObject.FINE_TUNE)) {
            throw RequestProblem.invalid(
                    param,
                    "File '" + id + "' was uploaded for '" + file.purpose() + "'; upload it with the purpose '"
                            + FileObject.FINE_TUNE + "'.");
        }
        return new DataFile(id, file.sha256());
    }

    /** Ends a job that waits, asks the worker of one that runs; a job that is cancelled already stays so. */
    @Transactional
    Job cancel(String project, String id) {
        boolean changed =
                jdbc.sql("""
                        update job set state = case state when 'RUNNING' then 'CANCELLING' else 'CANCELLED' end,
                            finished_at = case when state <> 'RUNNING' then now() end
                        where id = :id and project = :project and state in ('VALIDATING', 'QUEUED', 'RUNNING')
                        """).param("id", id).param("project", project).update() == 1;
        Job job = table.find(project, id).orElseThrow(() -> RequestProblem.notFound("fine-tuning job", id));
        if (changed) {
            boolean ended = job.state() == JobState.CANCELLED;
            events.tell(
                    Leases.subject(job),
                    JobNote.info(ended ? "Fine-tuning job cancelled" : "Cancelling: the worker stops where it is"));
            events.hint(Leases.subject(job), JobMessage.CONTROL, JobMessage.CANCEL);
        } else if (job.state() == JobState.SUCCEEDED || job.state() == JobState.FAILED) {
            throw RequestProblem.of(
                    HttpStatus.BAD_REQUEST,
                    "job_has_ended",
                    "Job '" + id + "' has " + job.state().word() + "; only a job that waits or runs can be cancelled.");
        }
        return job;
    }

    /** The oldest jobs whose data nobody has looked at. */
    public List<Job> unvalidated(int limit) {
        return jdbc
                .sql("select id from job where state = 'VALIDATING' order by created_at, id limit :limit")
                .param("limit", limit)
                .query((row, number) -> row.getString("id"))
                .list()
                .stream()
                .flatMap(id -> table.byId(id).stream())
                .toList();
    }

    /** The data of a job can be read, or cannot. Says nothing where another was faster, or the job was cancelled. */
    @Transactional
    public void validated(Job job, Optional<JobFailure> failure) {
        boolean first = jdbc.sql("""
                        update job set state = :state, queued_at = case when :state = 'QUEUED' then now() end,
                            finished_at = case when :state = 'FAILED' then now() end,
                            error_code = :code, error_message = :message, error_param = :param
                        where id = :id and state = 'VALIDATING'
                        """)
                        .param("id", job.id())
                        .param("state", failure.isPresent() ? "FAILED" : "QUEUED")
                        .param("code", failure.map(JobFailure::code).orElse(null))
                        .param("message", failure.map(JobFailure::message).orElse(null))
                        .param("param", failure.flatMap(JobFailure::param).orElse(null))
                        .update()
                == 1;
        if (first) {
            Job after = table.byId(job.id()).orElseThrow();
            events.tell(
                    Leases.subject(after),
                    failure.map(found -> JobNote.error(found.message()))
                            .orElse(JobNote.info("Files validated, job enqueued")));
            events.hint(Leases.subject(after), JobMessage.JOBS, JobMessage.QUEUED);
        }
    }

    /** Tokens that counted in the losses of a job's steps before this one. */
    public long trainedTokens(String job, int beforeStep) {
        return events.trainedTokens(job, beforeStep);
    }

    /** What was measured at a job's steps so far, in order. */
    public List<JobMetrics> metrics(String job) {
        return events.metrics(job);
    }
}
