package io.orrery.finetune.job;

import io.orrery.api.finetune.JobMessage;
import io.orrery.api.openai.FineTuningEvent;
import io.orrery.finetune.queue.Outbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What happened to jobs: rows for those who ask, messages for those who listen, both by the transaction in which it happens. */
@Component
class JobEvents {
    static final String ID_PREFIX = "ftevent-";

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Outbox outbox;

    JobEvents(JdbcClient jdbc, JsonMapper json, Outbox outbox) {
        this.jdbc = jdbc;
        this.json = json;
        this.outbox = outbox;
    }

    /** Whose event it is, with its state after the event. */
    record Subject(String job, String project, JobState state) {}

    @Transactional(propagation = Propagation.MANDATORY)
    void tell(Subject subject, JobNote note) {
        long id = jdbc.sql("""
                        insert into job_event (job_id, level, type, message, data, step)
                        values (:job, :level, :type, :message, :data::jsonb, :step)
                        on conflict (job_id, step) do update
                            set message = excluded.message, data = excluded.data, created_at = excluded.created_at
                        returning id
                        """)
                .param("job", subject.job())
                .param("level", note.level())
                .param("type", note.type())
                .param("message", note.message())
                .param("data", json.writeValueAsString(note.data()))
                .param("step", note.step().orElse(null), java.sql.Types.INTEGER)
                .query(Long.class)
                .single();
        outbox.write(
                JobMessage.EVENTS,
                message(ID_PREFIX + id + "-" + UUID.randomUUID(), subject, note.type(), note.message(), note.data()));
    }

    /** Tells workers to look. */
    @Transactional(propagation = Propagation.MANDATORY)
    void hint(Subject subject, String topic, String type) {
        outbox.write(topic, message(UUID.randomUUID().toString(), subject, type, null, null));
    }

    private static JobMessage message(
            String id, Subject subject, String type, @Nullable String text, @Nullable Map<String, Object> data) {
        return new JobMessage(
                id, subject.job(), subject.project(), type, subject.state().status(), text, data, Instant.now());
    }

    /** The newest events, or those before the event {@code after}. */
    List<FineTuningEvent> list(String job, long after, int limit) {
        return jdbc.sql("select * from job_event where job_id = :job and id < :after order by id desc limit :limit")
                .param("job", job)
                .param("after", after)
                .param("limit", limit)
                .query(this::event)
                .list();
    }

    /** In order of steps. */
    List<JobMetrics> metrics(String job) {
        return jdbc.sql("select step, data from job_event where job_id = :job and step is not null order by step")
                .param("job", job)
                .query((row, number) -> new JobMetrics(row.getInt("step"), data(row)))
                .list();
    }

    long trainedTokens(String job, int beforeStep) {
        return jdbc.sql("""
                        select coalesce(sum((data ->> 'trained_tokens')::bigint), 0) from job_event
                        where job_id = :job and step < :before
                        """)
                .param("job", job)
                .param("before", beforeStep)
                .query(Long.class)
                .single();
    }

    private FineTuningEvent event(ResultSet row, int number) throws SQLException {
        return new FineTuningEvent(
                FineTuningEvent.OBJECT,
                ID_PREFIX + row.getLong("id"),
                row.getObject("created_at", OffsetDateTime.class).toEpochSecond(),
                row.getString("level"),
                row.getString("message"),
                row.getString("type"),
                data(row));
    }

    private Map<String, Object> data(ResultSet row) throws SQLException {
        return json.readValue(row.getString("data"), new TypeReference<Map<String, Object>>() {});
    }
}
