package io.orrery.finetune.job;

import io.orrery.finetune.access.Caller;
import io.orrery.finetune.job.JobSpec.DataFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The rows of {@code job}, read and made; what changes them is in {@link Leases}, {@link LeasedWrites} and {@link Jobs}. */
@Repository
class JobTable {
    private final JdbcClient jdbc;
    private final JsonMapper json;

    JobTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void insert(String id, Caller owner, JobSpec spec) {
        jdbc.sql("""
                        insert into job (id, project, created_by, model, base_repository, base_commit, training_file,
                            training_sha256, validation_file, validation_sha256, suffix, seed, hyperparameters, metadata,
                            output_repository, state)
                        values (:id, :project, :by, :model, :base, :commit, :training, :trainingSha, :validation,
                            :validationSha, :suffix, :seed, :hyperparameters::jsonb, :metadata::jsonb, :output, 'VALIDATING')
                        """)
                .param("id", id)
                .param("project", owner.project())
                .param("by", owner.name())
                .param("model", spec.base().model())
                .param("base", spec.base().repository())
                .param("commit", spec.base().commit().orElse(null))
                .param("training", spec.training().id())
                .param("trainingSha", spec.training().sha256())
                .param("validation", spec.validation().map(DataFile::id).orElse(null))
                .param("validationSha", spec.validation().map(DataFile::sha256).orElse(null))
                .param("suffix", spec.suffix().orElse(null))
                .param("seed", spec.seed())
                .param("hyperparameters", json.writeValueAsString(spec.hyperparameters()))
                .param("metadata", json.writeValueAsString(spec.metadata()))
                .param("output", spec.outputRepository())
                .update();
    }

    Optional<Job> byId(String id) {
        return jdbc.sql("select * from job where id = :id")
                .param("id", id)
                .query(this::job)
                .optional();
    }

    Optional<Job> find(String project, String id) {
        return byId(id).filter(job -> job.owner().project().equals(project));
    }

    /** The newest jobs of a project with such metadata, or those made before {@code after}. */
    List<Job> list(String project, Optional<Job> after, Map<String, String> metadata, int limit) {
        return jdbc.sql("""
                        select * from job where project = :project and metadata @> :metadata::jsonb
                            and (created_at, id) < (coalesce(:at::timestamptz, 'infinity'), :id)
                        order by created_at desc, id desc limit :limit
                        """)
                .param("project", project)
                .param("metadata", json.writeValueAsString(metadata))
                .param("at", after.map(job -> job.times().created().toString()).orElse(null))
                .param("id", after.map(Job::id).orElse(""))
                .param("limit", limit)
                .query(this::job)
                .list();
    }

    /** 1 for a queued job that is next. */
    int queuePosition(Job job) {
        return jdbc.sql(
                        "select count(*) from job where state = 'QUEUED' and (created_at, id) <= (:at::timestamptz, :id)")
                .param("at", job.times().created().toString())
                .param("id", job.id())
                .query(Integer.class)
                .single();
    }

    private Job job(ResultSet row, int number) throws SQLException {
        return new Job(
                row.getString("id"),
                new Caller(row.getString("created_by"), row.getString("project")),
                spec(row),
                JobState.valueOf(row.getString("state")),
                new Job.Times(
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        instant(row, "queued_at"),
                        instant(row, "finished_at"),
                        instant(row, "estimated_finish")),
                new Job.Run(
                        row.getLong("epoch"),
                        text(row, "worker"),
                        row.getInt("failures"),
                        row.getInt("step"),
                        Optional.ofNullable(row.getObject("total_steps", Integer.class)),
                        row.getLong("trained_tokens")),
                new Job.End(text(row, "fine_tuned_model"), text(row, "output_commit"), failure(row)));
    }

    private JobSpec spec(ResultSet row) throws SQLException {
        return new JobSpec(
                new JobSpec.Base(row.getString("model"), row.getString("base_repository"), text(row, "base_commit")),
                new DataFile(row.getString("training_file"), row.getString("training_sha256")),
                validation(row),
                text(row, "suffix"),
                row.getLong("seed"),
                json.readValue(row.getString("hyperparameters"), new TypeReference<Map<String, Object>>() {}),
                json.readValue(row.getString("metadata"), new TypeReference<Map<String, String>>() {}),
                row.getString("output_repository"));
    }

    private static Optional<DataFile> validation(ResultSet row) throws SQLException {
        Optional<String> id = text(row, "validation_file");
        return id.isEmpty()
                ? Optional.empty()
                : Optional.of(new DataFile(id.get(), row.getString("validation_sha256")));
    }

    private static Optional<JobFailure> failure(ResultSet row) throws SQLException {
        Optional<String> code = text(row, "error_code");
        return code.isEmpty()
                ? Optional.empty()
                : Optional.of(new JobFailure(code.get(), row.getString("error_message"), text(row, "error_param")));
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }
}
