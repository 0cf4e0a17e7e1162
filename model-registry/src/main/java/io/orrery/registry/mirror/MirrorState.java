package io.orrery.registry.mirror;

import io.orrery.registry.audit.AuditEvent;
import io.orrery.registry.mirror.UpstreamException.Failure;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Whether the other hub is asked at all. What an administrator said last holds for all processes at once and after a restart; before he
 * says anything, the property does. Safe for many threads.
 */
@Component
class MirrorState {
    private final MirrorProperties properties;
    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    MirrorState(MirrorProperties properties, JdbcClient jdbc, ApplicationEventPublisher events, Clock clock) {
        this.properties = properties;
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    boolean isOffline() {
        return jdbc.sql("select offline from mirror_order")
                .query(Boolean.class)
                .optional()
                .orElse(properties.offline());
    }

    /** Throws where nothing may be asked. */
    void requireOnline(String about) {
        if (properties.upstream() == null) {
            throw new UpstreamException(
                    Failure.OFFLINE,
                    "This registry mirrors no other hub, so that nothing new of " + about + " can come");
        }
        if (isOffline()) {
            throw new UpstreamException(
                    Failure.OFFLINE,
                    "This mirror is offline by an administrator's order, and asks nothing about " + about);
        }
    }

    @Transactional
    void setOffline(boolean offline, String by) {
        jdbc.sql("""
            insert into mirror_order (offline, changed_by, changed_at) values (:offline, :by, :at)
            on conflict (only_one) do update set offline = excluded.offline, changed_by = excluded.changed_by,
                changed_at = excluded.changed_at\
            """)
                .param("offline", offline)
                .param("by", by)
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update();
        events.publishEvent(AuditEvent.of(by, "mirror.offline", Map.of("offline", offline)));
    }
}
