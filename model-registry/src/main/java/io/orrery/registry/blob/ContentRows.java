package io.orrery.registry.blob;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A row for each content that was published. Whoever publishes, deletes or counts on a content holds its row's lock while at it; rows are
 * locked in the order of their hashes. Times are the database's, which all processes share.
 */
@Component
class ContentRows {
    private static final int BATCH = 5000;

    private final JdbcClient jdbc;

    ContentRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is known of a content.
     *
     * @param writtenAt as {@link Content#writtenAt}; empty where that was not noted
     * @param bytes those of a small one
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(long size, OptionalLong writtenAt, Optional<byte[]> bytes) {}

    Optional<Row> find(Sha256 sha256) {
        return jdbc.sql("select c.size, c.written_at, s.bytes from content c left join small_content s using (sha256)"
                        + " where c.sha256 = :sha256")
                .param("sha256", sha256.hex())
                .query((row, number) -> {
                    Long writtenAt = row.getObject("written_at", Long.class);
                    return new Row(
                            row.getLong("size"),
                            writtenAt == null ? OptionalLong.empty() : OptionalLong.of(writtenAt),
                            Optional.ofNullable(row.getBytes("bytes")));
                })
                .optional();
    }

    /** Notes when contents were written, which are known to be what their hash says. */
    void noteWritten(Map<Sha256, Long> times) {
        jdbc.sql("""
            update content set written_at = given.at
            from unnest(:hashes::text[], :times::bigint[]) as given (sha256, at) where content.sha256 = given.sha256\
            """)
                .param("hashes", Sha256.hex(times.keySet()))
                .param("times", times.values().toArray(Long[]::new))
                .update();
    }

    /** Notes contents as used just now, and locks their rows until the transaction ends. */
    void put(Map<Sha256, Long> contents) {
        TreeMap<String, Long> sizes = new TreeMap<>();
        contents.forEach((sha256, size) -> sizes.put(sha256.hex(), size));
        jdbc.sql("""
            insert into content (sha256, size)
            select sha256, size from unnest(:hashes::text[], :sizes::bigint[]) as given (sha256, size)
            order by sha256
            on conflict (sha256) do update set touched_at = clock_timestamp()\
            """)
                .param("hashes", sizes.keySet().toArray(String[]::new))
                .param("sizes", sizes.values().toArray(Long[]::new))
                .update();
    }

    /** Notes contents that somebody counts on as used just now, and locks their rows until the transaction ends. */
    void touch(Collection<Sha256> contents) {
        jdbc.sql("""
            with named as (select sha256 from content where sha256 = any(:hashes::text[]) order by sha256 for no key update)
            update content set touched_at = clock_timestamp() from named where content.sha256 = named.sha256\
            """).param("hashes", Sha256.hex(contents)).update();
    }

    /** Keeps contents from being deleted until the transaction ends, and answers those that have a row. */
    Set<Sha256> hold(Collection<Sha256> contents) {
        List<String> sorted =
                contents.stream().map(Sha256::hex).distinct().sorted().toList();
        Set<Sha256> held = HashSet.newHashSet(sorted.size());
        for (int from = 0; from < sorted.size(); from += BATCH) {
            List<String> batch = sorted.subList(from, Math.min(from + BATCH, sorted.size()));
            jdbc.sql("select sha256 from content where sha256 = any(:hashes::text[]) order by sha256 for key share")
                    .param("hashes", batch.toArray(String[]::new))
                    .query(row -> {
                        held.add(new Sha256(row.getString("sha256")));
                    });
        }
        return held;
    }
}
