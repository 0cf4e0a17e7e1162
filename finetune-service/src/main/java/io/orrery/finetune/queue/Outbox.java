package io.orrery.finetune.queue;

import io.orrery.api.finetune.JobMessage;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/** Messages that are not sent yet, each written by the transaction that it tells of, so neither is there without the other. */
@Component
public class Outbox {
    /** One relay at a time over all processes keeps the order; the number is arbitrary, and used for nothing else. */
    private static final long RELAY_LOCK = 0x6f72726572790002L;

    record Row(long id, String topic, String key, String payload) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Signal written = new Signal();

    Outbox(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void write(String topic, JobMessage message) {
        jdbc.sql("insert into outbox (topic, event_key, payload) values (:topic, :key, :payload)")
                .param("topic", topic)
                .param("key", message.job())
                .param("payload", json.writeValueAsString(message))
                .update();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                written.raise();
            }
        });
    }

    /** Raised when there may be rows to send. */
    Signal written() {
        return written;
    }

    /** The oldest rows, or none where another process is sending; the lock is held until the transaction ends. */
    List<Row> next(int limit) {
        boolean ours = jdbc.sql("select pg_try_advisory_xact_lock(:lock)")
                .param("lock", RELAY_LOCK)
                .query(Boolean.class)
                .single();
        if (!ours) {
            return List.of();
        }
        return jdbc.sql("select id, topic, event_key, payload from outbox order by id limit :limit")
                .param("limit", limit)
                .query((row, number) -> new Row(
                        row.getLong("id"),
                        row.getString("topic"),
                        row.getString("event_key"),
                        row.getString("payload")))
                .list();
    }

    void delete(Collection<Row> sent) {
        jdbc.sql("delete from outbox where id in (:ids)")
                .param("ids", sent.stream().map(Row::id).toList())
                .update();
    }
}
