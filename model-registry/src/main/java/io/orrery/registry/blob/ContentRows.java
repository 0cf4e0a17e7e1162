package io.orrery.registry.blob;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A row for each content that was published. Whoever publishes, deletes or counts on a content holds its row's lock while at it; rows are
 * locked in the order of their hashes.
 */
@Component
class ContentRows {
    private final JdbcClient jdbc;
    private final Clock clock;

    ContentRows(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Notes contents as used just now, and locks their rows until the transaction ends. */
    void put(Collection<StagedBlob> contents) {
        TreeMap<String, Long> sizes = new TreeMap<>();
        contents.forEach(content -> sizes.put(content.sha256().hex(), content.size()));
        jdbc.sql("""
            insert into content (sha256, size, touched_at)
            select sha256, size, :at from unnest(:hashes::text[], :sizes::bigint[]) as given (sha256, size)
            order by sha256
            on conflict (sha256) do update set touched_at = excluded.touched_at\
            """)
                .param("hashes", sizes.keySet().toArray(String[]::new))
                .param("sizes", sizes.values().toArray(Long[]::new))
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update();
    }

    /** Notes contents that somebody counts on as used just now, and locks their rows until the transaction ends. */
    void touch(Collection<Sha256> contents) {
        jdbc.sql("""
            with named as (select sha256 from content where sha256 = any(:hashes::text[]) order by sha256 for update)
            update content set touched_at = :at from named where content.sha256 = named.sha256\
            """)
                .param("hashes", contents.stream().map(Sha256::hex).toArray(String[]::new))
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update();
    }
}
