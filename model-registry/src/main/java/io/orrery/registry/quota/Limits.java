package io.orrery.registry.quota;

import io.orrery.registry.audit.AuditEvent;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.unit.DataSize;

/** The limits that administrators set for a namespace, and those of all others. */
@Component
class Limits {
    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Limit byDefault;

    Limits(JdbcClient jdbc, ApplicationEventPublisher events, Clock clock, QuotaProperties properties) {
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
        this.byDefault = new Limit(
                Optional.ofNullable(properties.bytes()).map(DataSize::toBytes),
                Optional.ofNullable(properties.repositories()));
    }

    Limit byDefault() {
        return byDefault;
    }

    Limit of(String namespace) {
        return jdbc.sql("select max_bytes, max_repositories from namespace_quota where namespace = :namespace")
                .param("namespace", namespace)
                .query((row, number) -> new Limit(
                        Optional.ofNullable(row.getObject("max_bytes", Long.class)),
                        Optional.ofNullable(row.getObject("max_repositories", Integer.class))))
                .optional()
                .orElse(byDefault);
    }

    /** Those of namespaces that have their own. */
    Map<String, Limit> all() {
        Map<String, Limit> all = new TreeMap<>();
        jdbc.sql("select namespace, max_bytes, max_repositories from namespace_quota")
                .query(row -> {
                    all.put(
                            row.getString("namespace"),
                            new Limit(
                                    Optional.ofNullable(row.getObject("max_bytes", Long.class)),
                                    Optional.ofNullable(row.getObject("max_repositories", Integer.class))));
                });
        return all;
    }

    @Transactional
    void set(String namespace, Limit limit, String by) {
        jdbc.sql("""
            insert into namespace_quota (namespace, max_bytes, max_repositories, changed_by, changed_at)
            values (:namespace, :bytes, :repositories, :by, :at)
            on conflict (namespace) do update set max_bytes = excluded.max_bytes,
                max_repositories = excluded.max_repositories, changed_by = excluded.changed_by,
                changed_at = excluded.changed_at\
            """)
                .param("namespace", namespace)
                .param("bytes", limit.bytes().orElse(null))
                .param("repositories", limit.repositories().orElse(null))
                .param("by", by)
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update();
        events.publishEvent(AuditEvent.of(by, "quota.set", Map.of("namespace", namespace, "limit", limit)));
    }

    /** Whether the namespace had its own. */
    @Transactional
    boolean forget(String namespace, String by) {
        boolean was = jdbc.sql("delete from namespace_quota where namespace = :namespace")
                        .param("namespace", namespace)
                        .update()
                > 0;
        if (was) {
            events.publishEvent(AuditEvent.of(by, "quota.forgotten", Map.of("namespace", namespace)));
        }
        return was;
    }
}
