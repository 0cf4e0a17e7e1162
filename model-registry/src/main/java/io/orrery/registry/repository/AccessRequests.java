package io.orrery.registry.repository;

import io.orrery.registry.wire.HubProblem;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Questions to be let into gated repositories, and their answers. */
@Service
class AccessRequests {
    /** What came of a question so far. */
    enum Status {
        PENDING,
        ACCEPTED,
        REJECTED;

        String value() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Status of(String text) {
            for (Status status : values()) {
                if (status.value().equals(text)) {
                    return status;
                }
            }
            throw HubProblem.badRequest("The status must be pending, accepted or rejected, but is '" + text + "'");
        }
    }

    record Asked(String user, Status status, Instant at) {}

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    AccessRequests(JdbcClient jdbc, ApplicationEventPublisher events, Clock clock) {
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    /** Asks to be let in; some repositories let everybody in who asks. Whoever asked before hears what came of it. */
    @Transactional
    public Status ask(Repo repo, String user) {
        // the other hub lets whoever asks there in; who may read its contents here is decided here
        boolean isOpen = !repo.mirrored() && repo.gated().equals(Optional.of("auto"));
        Status status = isOpen ? Status.ACCEPTED : Status.PENDING;
        int asked = jdbc.sql("insert into access_request (repo_id, user_name, status, asked_at)"
                        + " values (:repo, :user, :status, :at) on conflict do nothing")
                .param("repo", repo.id())
                .param("user", user)
                .param("status", status.value())
                .param("at", now())
                .update();
        if (asked == 1) {
            events.publishEvent(new RepoEvent.AccessChanged(repo, user, user, status.value()));
            return status;
        }
        return Status.of(jdbc.sql("select status from access_request where repo_id = :repo and user_name = :user")
                .param("repo", repo.id())
                .param("user", user)
                .query(String.class)
                .single());
    }

    /** @param after the last user that is known, in the order of their names; or empty */
    List<Asked> list(Repo repo, Status status, String after, int limit) {
        return jdbc.sql("select user_name, status, asked_at from access_request where repo_id = :repo"
                        + " and status = :status and user_name > :after order by user_name limit :limit")
                .param("repo", repo.id())
                .param("status", status.value())
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> new Asked(
                        row.getString("user_name"),
                        Status.of(row.getString("status")),
                        row.getObject("asked_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** Takes back a question that nobody has answered, or gives up what was granted; one who was refused stays so. */
    @Transactional
    public void cancel(Repo repo, String user) {
        int cancelled = jdbc.sql("delete from access_request where repo_id = :repo and user_name = :user"
                        + " and status <> 'rejected'")
                .param("repo", repo.id())
                .param("user", user)
                .update();
        if (cancelled == 0) {
            throw HubProblem.of(404, "There is no open question of '" + user + "' about " + repo.name());
        }
        events.publishEvent(new RepoEvent.AccessChanged(repo, user, user, "cancelled"));
    }

    /** Answers a question; throws where nobody of this name asked. */
    @Transactional
    public void decide(Repo repo, String user, Status status, String reason, String by) {
        int decided = jdbc.sql("update access_request set status = :status, decided_by = :by, reason = :reason"
                        + " where repo_id = :repo and user_name = :user")
                .param("repo", repo.id())
                .param("user", user)
                .param("status", status.value())
                .param("reason", reason)
                .param("by", by)
                .update();
        if (decided == 0) {
            throw HubProblem.of(404, "'" + user + "' did not ask for access to " + repo.name());
        }
        events.publishEvent(new RepoEvent.AccessChanged(repo, by, user, status.value()));
    }

    /** Lets somebody in who did not ask. */
    @Transactional
    public void grant(Repo repo, String user, String by) {
        int granted = jdbc.sql("""
            insert into access_request (repo_id, user_name, status, asked_at, decided_by)
            values (:repo, :user, 'accepted', :at, :by)
            on conflict (repo_id, user_name) do update set status = 'accepted', decided_by = excluded.decided_by
            where access_request.status <> 'accepted'\
            """)
                .param("repo", repo.id())
                .param("user", user)
                .param("at", now())
                .param("by", by)
                .update();
        if (granted == 0) {
            throw HubProblem.badRequest("'" + user + "' has access to " + repo.name() + " already");
        }
        events.publishEvent(new RepoEvent.AccessChanged(repo, by, user, Status.ACCEPTED.value()));
    }

    private OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
