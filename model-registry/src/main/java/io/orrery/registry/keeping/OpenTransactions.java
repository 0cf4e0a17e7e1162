package io.orrery.registry.keeping;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The database's clock, and the transactions of this database that began before a time of it. */
@Component
class OpenTransactions {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final JdbcClient jdbc;

    OpenTransactions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Instant now() {
        return jdbc.sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    /** Whether all transactions of others ended that had begun before then; waits for them that long. */
    boolean awaitEnd(Instant begunBefore, Duration patience) throws InterruptedException {
        Instant deadline = now().plus(patience);
        Instant now = now();
        while (isOpen(begunBefore)) {
            if (now.isAfter(deadline)) {
                return false;
            }
            Thread.sleep(LOOK);
            now = now();
        }
        return true;
    }

    private boolean isOpen(Instant begunBefore) {
        return jdbc.sql("""
            select exists (select from pg_stat_activity where datname = current_database() and xact_start < :before
                           and backend_type = 'client backend' and pid <> pg_backend_pid())\
            """)
                .param("before", OffsetDateTime.ofInstant(begunBefore, ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }
}
