package io.orrery.registry.conversion;

import io.orrery.api.hub.Conversion;
import io.orrery.registry.repository.RepoName;
import io.orrery.registry.wire.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of conversions, as callers see them. Times are the database's, which all processes share. */
@Component
class JobTable {
    private final JdbcClient jdbc;

    JobTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param ringAgain when workers are told of it again, should nothing have happened */
    void insert(Order order, Duration ringAgain) {
        jdbc.sql("""
            insert into conversion (id, created_by, project, sees_everything, kind, type, source_repo, source_name,
                source_commit, source_file, target, target_private, allow_requantize, ring_at)
            values (:id, :by, :project, :all, :kind, :type, :repo, :name, :commit, :file, :target, :private, :again,
                now() + :ring * interval '1 millisecond')\
            """)
                .param("id", order.id())
                .param("by", order.customer().name())
                .param("project", order.customer().project().orElse(null))
                .param("all", order.customer().seesEverything())
                .param("kind", order.kind().name())
                .param("type", order.type().orElse(null))
                .param("repo", order.source().repo())
                .param("name", order.source().name())
                .param("commit", order.source().commit())
                .param("file", order.source().file().orElse(null))
                .param("target", order.target().value())
                .param("private", order.isPrivate())
                .param("again", order.allowRequantize())
                .param("ring", ringAgain.toMillis())
                .update();
    }

    Optional<Job> find(String id) {
        return jdbc.sql("select * from conversion where id = :id")
                .param("id", id)
                .query((row, number) -> job(row))
                .optional();
    }

    /** The newest of a caller's, those after a known one where one is given. */
    List<Job> list(Caller caller, String after, int limit) {
        return jdbc.sql("""
            select * from conversion
            where (:all or created_by = :name or project = :project)
                and (:after = '' or (created_at, id) < (select created_at, id from conversion where id = :after))
            order by created_at desc, id desc limit :limit\
            """)
                .param("all", caller.seesEverything())
                .param("name", caller.name())
                .param("project", caller.project().orElse(""))
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> job(row))
                .list();
    }

    /** Conversions of a caller that have not ended. */
    int open(Caller caller) {
        return jdbc.sql("select count(*) from conversion where created_by = :name and state in ('QUEUED', 'RUNNING')")
                .param("name", caller.name())
                .query(Integer.class)
                .single();
    }

    /** @return whether it had not ended before; a worker that has it notices at its next beat */
    boolean cancel(String id) {
        return jdbc.sql("update conversion set state = 'CANCELLED', finished_at = now(), worker = null,"
                                + " lease_until = null where id = :id and state in ('QUEUED', 'RUNNING')")
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Those of which workers are to be told again: they wait since long, or their worker is dead. */
    List<String> toRing(Duration ringAgain, Duration dead) {
        return jdbc.sql("""
            update conversion set ring_at = now() + :ring * interval '1 millisecond'
            where id in (select id from conversion where ring_at <= now() and (state = 'QUEUED'
                or (state = 'RUNNING' and lease_until < now() - :dead * interval '1 millisecond'))
                order by ring_at limit 100 for update skip locked)
            returning id\
            """)
                .param("ring", ringAgain.toMillis())
                .param("dead", dead.toMillis())
                .query((row, number) -> row.getString("id"))
                .list();
    }

    Map<Job.State, Long> openByState() {
        Map<Job.State, Long> counts = new EnumMap<>(Map.of(Job.State.QUEUED, 0L, Job.State.RUNNING, 0L));
        jdbc.sql("select state, count(*) as n from conversion where state in ('QUEUED', 'RUNNING') group by state")
                .query((row, number) -> counts.put(Job.State.valueOf(row.getString("state")), row.getLong("n")))
                .list();
        return counts;
    }

    private static Job job(ResultSet row) throws SQLException {
        return new Job(
                order(row),
                Job.State.valueOf(row.getString("state")),
                row.getInt("attempt"),
                new Job.Times(
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        instant(row, "started_at"),
                        instant(row, "finished_at")),
                new Conversion.Progress(
                        row.getString("stage"),
                        row.getInt("tensors"),
                        row.getInt("total_tensors"),
                        row.getLong("bytes"),
                        row.getLong("total_bytes")),
                Optional.ofNullable(row.getString("result_commit")),
                Optional.ofNullable(row.getString("error")));
    }

    static Order order(ResultSet row) throws SQLException {
        return new Order(
                row.getString("id"),
                new Order.Customer(
                        row.getString("created_by"),
                        Optional.ofNullable(row.getString("project")),
                        row.getBoolean("sees_everything")),
                Kind.valueOf(row.getString("kind")),
                Optional.ofNullable(row.getString("type")),
                new Order.Origin(
                        row.getLong("source_repo"),
                        row.getString("source_name"),
                        row.getString("source_commit"),
                        Optional.ofNullable(row.getString("source_file"))),
                new RepoName(row.getString("target")),
                row.getBoolean("target_private"),
                row.getBoolean("allow_requantize"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
