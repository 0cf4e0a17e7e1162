package io.orrery.registry.keeping;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.orrery.registry.audit.AuditEvent;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Remembers the last collection over all processes, and tells of each in the audit log and in metrics. */
@Service
class CollectionRuns {
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;
    private final Counter contents;
    private final Counter bytes;

    CollectionRuns(JdbcClient jdbc, JsonMapper json, ApplicationEventPublisher events, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.json = json;
        this.events = events;
        this.contents = Counter.builder("orrery.registry.collected.contents")
                .description("Contents that were deleted because nobody needed them")
                .register(meters);
        this.bytes = Counter.builder("orrery.registry.collected")
                .baseUnit("bytes")
                .description("Size of the contents that were deleted because nobody needed them")
                .register(meters);
    }

    Optional<Collected> last() {
        return jdbc.sql("select report from collection_run where report is not null")
                .query((row, number) -> json.readValue(row.getString("report"), Collected.class))
                .optional();
    }

    /** Whether the last one is so long ago. The first is due that long after a registry first asked. */
    boolean isDue(Duration interval) {
        jdbc.sql("insert into collection_run (started_at) values (clock_timestamp()) on conflict do nothing")
                .update();
        return jdbc.sql("select started_at < clock_timestamp() - make_interval(secs => :seconds) from collection_run")
                .param("seconds", interval.toSeconds())
                .query(Boolean.class)
                .single();
    }

    @Transactional
    void note(Collected done, String actor) {
        jdbc.sql("insert into collection_run (started_at, report) values (:at, cast(:report as jsonb)) on"
                        + " conflict (only_one) do update set started_at = excluded.started_at, report ="
                        + " excluded.report")
                .param("at", OffsetDateTime.ofInstant(done.startedAt(), ZoneOffset.UTC))
                .param("report", json.writeValueAsString(done))
                .update();
        events.publishEvent(AuditEvent.of(actor, "store.collected", Map.of("gone", done.gone(), "kept", done.kept())));
        contents.increment(done.gone().contents());
        bytes.increment(done.gone().bytes());
    }
}
