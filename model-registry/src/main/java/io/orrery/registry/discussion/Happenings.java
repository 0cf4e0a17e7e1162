package io.orrery.registry.discussion;

import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The rows of what was said and done in discussions. */
@Component
class Happenings {
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    Happenings(JdbcClient jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    Happening add(Repo repo, int number, String author, Happening.What what) {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long id = jdbc.sql("insert into discussion_event (repo_id, num, type, author, created_at, data)"
                        + " values (:repo, :num, :type, :author, :at, cast(:data as jsonb)) returning id")
                .param("repo", repo.id())
                .param("num", number)
                .param("type", what.type())
                .param("author", author)
                .param("at", OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
                .param("data", json.writeValueAsString(what.kept()))
                .query(Long.class)
                .single();
        return new Happening(id, author, at, what);
    }

    /** Oldest first. */
    List<Happening> list(Repo repo, int number) {
        return jdbc.sql("select * from discussion_event where repo_id = :repo and num = :num order by id")
                .param("repo", repo.id())
                .param("num", number)
                .query((row, index) -> happening(row))
                .list();
    }

    Happening get(Repo repo, int number, long id) {
        return jdbc.sql("select * from discussion_event where repo_id = :repo and num = :num and id = :id")
                .param("repo", repo.id())
                .param("num", number)
                .param("id", id)
                .query((row, index) -> happening(row))
                .optional()
                .orElseThrow(() -> HubProblem.of(404, "Comment not found in discussion " + number));
    }

    Happening replace(Happening old, Happening.What what) {
        jdbc.sql("update discussion_event set data = cast(:data as jsonb) where id = :id")
                .param("data", json.writeValueAsString(what.kept()))
                .param("id", old.id())
                .update();
        return new Happening(old.id(), old.author(), old.at(), what);
    }

    private Happening happening(ResultSet row) throws SQLException {
        Map<String, String> kept = json.readValue(row.getString("data"), new TypeReference<Map<String, String>>() {});
        return new Happening(
                row.getLong("id"),
                row.getString("author"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Happening.read(row.getString("type"), kept));
    }
}
