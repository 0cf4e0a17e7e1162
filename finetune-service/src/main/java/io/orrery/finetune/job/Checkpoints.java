package io.orrery.finetune.job;

import io.orrery.api.openai.FineTuningCheckpoint;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The rows of {@code job_checkpoint}. */
@Component
class Checkpoints {
    static final String ID_PREFIX = "ftckpt_";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Checkpoints(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** @return whether the step had none before */
    boolean add(String job, int step, Map<String, Object> metrics) {
        return jdbc.sql("""
                        insert into job_checkpoint (job_id, step, metrics) values (:job, :step, :metrics::jsonb)
                        on conflict (job_id, step) do nothing
                        """)
                        .param("job", job)
                        .param("step", step)
                        .param("metrics", json.writeValueAsString(metrics))
                        .update()
                == 1;
    }

    /** The newest, or those before the one with the number {@code after}. */
    List<FineTuningCheckpoint> list(Job job, long after, int limit) {
        return jdbc.sql(
                        "select * from job_checkpoint where job_id = :job and id < :after order by id desc limit :limit")
                .param("job", job.id())
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> new FineTuningCheckpoint(
                        FineTuningCheckpoint.OBJECT,
                        ID_PREFIX + row.getLong("id"),
                        row.getObject("created_at", OffsetDateTime.class).toEpochSecond(),
                        job.spec().outputRepository() + ":ckpt-step-" + row.getInt("step"),
                        row.getInt("step"),
                        job.id(),
                        json.readValue(row.getString("metrics"), new TypeReference<Map<String, Object>>() {})))
                .list();
    }
}
