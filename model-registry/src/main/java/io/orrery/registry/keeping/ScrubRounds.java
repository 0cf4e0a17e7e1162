package io.orrery.registry.keeping;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Remembers where a round is, so that whichever process goes on goes on there. */
@Service
class ScrubRounds {
    private final JdbcClient jdbc;

    ScrubRounds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<ScrubRound> last() {
        return jdbc.sql("select started_at, ended_at, position, contents, bytes, damaged from scrub_round")
                .query((row, number) -> new ScrubRound(
                        row.getObject("started_at", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        row.getString("position"),
                        row.getLong("contents"),
                        row.getLong("bytes"),
                        row.getLong("damaged")))
                .optional();
    }

    /** Begins at the beginning. */
    void begin() {
        jdbc.sql("""
            insert into scrub_round (started_at, position, contents, bytes, damaged) values (clock_timestamp(), '', 0, 0, 0)
            on conflict (only_one) do update set started_at = clock_timestamp(), ended_at = null, position = '',
                contents = 0, bytes = 0, damaged = 0\
            """).update();
    }

    /** Begins where the last round is over and began that long ago. */
    void beginWhereDue(Duration interval) {
        Optional<ScrubRound> last = last();
        boolean isDue = last.isEmpty()
                || (last.get().isOver()
                        && Boolean.TRUE.equals(
                                jdbc.sql("select started_at < clock_timestamp() - make_interval(secs => :seconds)"
                                                + " from scrub_round")
                                        .param("seconds", interval.toSeconds())
                                        .query(Boolean.class)
                                        .single()));
        if (isDue) {
            begin();
        }
    }

    /** Contents behind a position. */
    List<String> next(String position, int limit) {
        return jdbc.sql("select sha256 from content where sha256 > :position order by sha256 limit :limit")
                .param("position", position)
                .param("limit", limit)
                .query((row, number) -> row.getString("sha256"))
                .list();
    }

    /** Notes how far a round has come; one that began anew meanwhile is not moved. */
    void advance(ScrubRound round, boolean isOver) {
        jdbc.sql("""
            update scrub_round set position = :position, contents = :contents, bytes = :bytes, damaged = :damaged,
                ended_at = case when :over then clock_timestamp() end where started_at = :started\
            """)
                .param("position", round.position())
                .param("contents", round.contents())
                .param("bytes", round.bytes())
                .param("damaged", round.damaged())
                .param("over", isOver)
                .param("started", OffsetDateTime.ofInstant(round.startedAt(), ZoneOffset.UTC))
                .update();
    }
}
