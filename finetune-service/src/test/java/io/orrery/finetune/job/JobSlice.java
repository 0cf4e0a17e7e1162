package io.orrery.finetune.job;

import io.orrery.finetune.FinetuneApplication;
import io.orrery.finetune.access.Caller;
import io.orrery.finetune.queue.Outbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The tables of jobs on a real PostgreSQL, with nobody who runs them. */
@DataJpaTest(properties = FinetuneApplication.CONFIGURATION)
@AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
@Transactional(propagation = Propagation.NOT_SUPPORTED)
@Import({
    JobTable.class,
    JobEvents.class,
    Checkpoints.class,
    Tables.class,
    Leases.class,
    LeasedWrites.class,
    Outbox.class,
    JobSlice.Json.class
})
abstract class JobSlice {
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final String COMMIT = "c".repeat(40);

    private static final EmbeddedPostgres POSTGRES = postgres();

    /** What the slice leaves out. */
    static class Json {
        @Bean
        JsonMapper jsonMapper() {
            return JsonMapper.shared();
        }
    }

    @Autowired
    JdbcClient jdbc;

    @Autowired
    JobTable table;

    @Autowired
    Leases leases;

    @Autowired
    LeasedWrites writes;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        registry.add(
                "spring.datasource.url", () -> POSTGRES.getJdbcUrl("postgres", "postgres") + "&currentSchema=finetune");
        registry.add("spring.datasource.username", () -> "postgres");
    }

    @BeforeEach
    void empty() {
        jdbc.sql("truncate job, job_event, job_checkpoint, outbox, stored_file").update();
    }

    /** A new job in this state. */
    String job(String state) {
        String id = "ftjob-" + UUID.randomUUID();
        JobSpec spec = new JobSpec(
                new JobSpec.Base("lab/base", "lab/base", Optional.of(COMMIT)),
                new JobSpec.DataFile("file-1", "0".repeat(64)),
                Optional.empty(),
                Optional.empty(),
                1,
                Map.of("n_epochs", 1),
                Map.of(),
                "lab/" + id);
        table.insert(id, new Caller("alice", "lab"), spec);
        jdbc.sql("update job set state = :state where id = :id")
                .param("state", state)
                .param("id", id)
                .update();
        return id;
    }

    Job row(String id) {
        return table.byId(id).orElseThrow();
    }

    Job claimed(String worker) {
        return leases.claim(worker, MINUTE).orElseThrow();
    }

    /** As if the worker had been silent for longer than its lease. */
    void expire(String id) {
        jdbc.sql("update job set lease_until = now() - interval '1 second' where id = :id")
                .param("id", id)
                .update();
    }

    List<String> messages(String id) {
        return jdbc.sql("select message from job_event where job_id = :id order by id")
                .param("id", id)
                .query(String.class)
                .list();
    }

    private static EmbeddedPostgres postgres() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
