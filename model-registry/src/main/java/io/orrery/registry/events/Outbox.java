package io.orrery.registry.events;

import io.orrery.api.hub.RegistryEvent;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.RepoEvent;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/** Messages that are not sent yet. One is written by the transaction that it tells of, so neither is there without the other. */
@Component
public class Outbox {
    /** One relay at a time over all processes keeps the order; the number is arbitrary, and used for nothing else. */
    private static final long RELAY_LOCK = 0x6f72726572790001L;

    record Row(long id, String topic, String eventKey, String payload) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;
    private final OutboxSignal signal;

    Outbox(JdbcClient jdbc, JsonMapper json, Clock clock, OutboxSignal signal) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.signal = signal;
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void write(RepoEvent event) {
        RegistryEvent told = told(event);
        write(RegistryEvent.TOPIC, told.repo(), told);
    }

    /** @param message is sent as JSON */
    @Transactional(propagation = Propagation.MANDATORY)
    public void write(String topic, String key, Object message) {
        jdbc.sql("insert into outbox (topic, event_key, payload, created_at) values (:topic, :key, :payload, :at)")
                .param("topic", topic)
                .param("key", key)
                .param("payload", json.writeValueAsString(message))
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                signal.raise();
            }
        });
    }

    /** The oldest rows, or none where another process is sending; they stay locked until the transaction ends. */
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

    private RegistryEvent told(RepoEvent event) {
        return switch (event) {
            case RepoEvent.Created made -> told(made, RegistryEvent.REPOSITORY_CREATED, null, null);
            case RepoEvent.Deleted gone -> told(gone, RegistryEvent.REPOSITORY_DELETED, null, null);
            case RepoEvent.Moved moved -> told(moved, RegistryEvent.REPOSITORY_MOVED, null, null);
            case RepoEvent.SettingsChanged changed -> told(changed, RegistryEvent.REPOSITORY_CHANGED, null, null);
            case RepoEvent.AccessChanged changed -> told(changed, RegistryEvent.REPOSITORY_CHANGED, null, null);
            case RepoEvent.Rewritten again -> told(again, RegistryEvent.REPOSITORY_CHANGED, null, null);
            case RepoEvent.Committed made ->
                told(made, RegistryEvent.COMMITTED, made.ref(), made.commit().oid());
            case RepoEvent.RefChanged changed ->
                told(
                        changed,
                        RegistryEvent.REF_CHANGED,
                        changed.ref(),
                        changed.target().orElse(null));
        };
    }

    private RegistryEvent told(RepoEvent event, String type, @Nullable String ref, @Nullable String commit) {
        Repo repo = event.repo();
        return new RegistryEvent(
                UUID.randomUUID().toString(),
                type,
                repo.type(),
                repo.name(),
                ref,
                commit,
                event.actor(),
                clock.instant());
    }
}
