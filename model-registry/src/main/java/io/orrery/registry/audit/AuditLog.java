package io.orrery.registry.audit;

import io.orrery.api.hub.RepoType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The rows of the log. */
@Component
class AuditLog {
    /**
     * Which lines.
     *
     * @param repo a name that the repository has or had
     * @param before number of a line that is newer than all
     */
    record Question(
            Optional<String> repo,
            Optional<RepoType> type,
            Optional<String> actor,
            Optional<String> action,
            Optional<Instant> since,
            Optional<Long> before,
            int limit) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    AuditLog(JdbcClient jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    void add(AuditEvent event) {
        Optional<AuditEvent.Subject> subject = event.subject();
        jdbc.sql("insert into audit (at, actor, action, repo_type, repo, repo_key, details)"
                        + " values (:at, :actor, :action, :type, :repo, :key, cast(:details as jsonb))")
                .param("at", time(clock.instant()))
                .param("actor", event.actor())
                .param("action", event.action())
                .param("type", subject.map(about -> about.type().name()).orElse(null))
                .param("repo", subject.map(AuditEvent.Subject::repo).orElse(null))
                .param("key", subject.flatMap(AuditEvent.Subject::key).orElse(null))
                .param("details", json.writeValueAsString(event.details()))
                .update();
    }

    /** Newest first. What a repository did under another name belongs to it. */
    List<AuditEntry> find(Question question) {
        return jdbc.sql("""
            select * from audit a
            where (cast(:repo as text) is null or lower(a.repo) = lower(:repo) or a.repo_key in
                (select k.repo_key from audit k where lower(k.repo) = lower(:repo)
                    and (cast(:type as text) is null or k.repo_type = :type)))
            and (cast(:type as text) is null or a.repo_type = :type)
            and (cast(:actor as text) is null or a.actor = :actor)
            and (cast(:action as text) is null or a.action = :action)
            and (cast(:since as timestamptz) is null or a.at >= :since)
            and (cast(:before as bigint) is null or a.id < :before)
            order by a.id desc limit :limit\
            """)
                .param("repo", question.repo().orElse(null))
                .param("type", question.type().map(RepoType::name).orElse(null))
                .param("actor", question.actor().orElse(null))
                .param("action", question.action().orElse(null))
                .param("since", question.since().map(AuditLog::time).orElse(null))
                .param("before", question.before().orElse(null))
                .param("limit", question.limit())
                .query((row, number) -> entry(row))
                .list();
    }

    /** Deletes lines that are older. */
    @Transactional
    public int forget(Instant before) {
        jdbc.sql("select set_config('orrery.audit_retention', 'on', true)")
                .query(String.class)
                .single();
        return jdbc.sql("delete from audit where at < :before")
                .param("before", time(before))
                .update();
    }

    private AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("action"),
                Optional.ofNullable(row.getString("repo_type"))
                        .map(RepoType::valueOf)
                        .orElse(null),
                row.getString("repo"),
                row.getString("repo_key"),
                json.readTree(row.getString("details")));
    }

    private static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
