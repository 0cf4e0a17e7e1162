package io.orrery.registry.mirror;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Revisions.Ref;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables of mirrored repositories alone. */
@Component
class MirrorRows {
    /** What a revision named when the other hub was asked. */
    record Named(String target, Instant checkedAt) {}

    private final JdbcClient jdbc;
    private final Clock clock;

    MirrorRows(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Optional<Named> revision(Repo repo, String revision) {
        return jdbc.sql("select target, checked_at from mirrored_revision where repo_id = :repo and revision ="
                        + " :revision")
                .param("repo", repo.id())
                .param("revision", revision)
                .query((row, number) -> new Named(
                        row.getString("target"),
                        row.getObject("checked_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    /** Notes what a revision names now. */
    void named(Repo repo, String revision, String target) {
        named(repo, revision, target, clock.instant());
    }

    void named(Repo repo, String revision, String target, Instant checkedAt) {
        jdbc.sql("""
            insert into mirrored_revision (repo_id, revision, target, checked_at)
            values (:repo, :revision, :target, :now)
            on conflict (repo_id, revision) do update
            set target = excluded.target, checked_at = excluded.checked_at\
            """)
                .param("repo", repo.id())
                .param("revision", revision)
                .param("target", target)
                .param("now", at(checkedAt))
                .update();
    }

    void forget(Repo repo, String revision) {
        jdbc.sql("delete from mirrored_revision where repo_id = :repo and revision = :revision")
                .param("repo", repo.id())
                .param("revision", revision)
                .update();
    }

    Optional<Instant> refsCheckedAt(Repo repo) {
        return jdbc.sql("select refs_checked_at from mirrored_repo where repo_id = :repo"
                        + " and refs_checked_at is not null")
                .param("repo", repo.id())
                .query((row, number) ->
                        row.getObject("refs_checked_at", OffsetDateTime.class).toInstant())
                .optional();
    }

    List<Ref> refs(Repo repo) {
        return jdbc.sql("select name, target from mirrored_ref where repo_id = :repo order by name")
                .param("repo", repo.id())
                .query((row, number) -> new Ref(row.getString("name"), row.getString("target")))
                .list();
    }

    /** Replaces all refs of a repository; called in a transaction. */
    void refs(Repo repo, List<Ref> refs) {
        jdbc.sql("""
            insert into mirrored_repo (repo_id, refs_checked_at) values (:repo, :now)
            on conflict (repo_id) do update set refs_checked_at = excluded.refs_checked_at\
            """).param("repo", repo.id()).param("now", now()).update();
        jdbc.sql("delete from mirrored_ref where repo_id = :repo")
                .param("repo", repo.id())
                .update();
        jdbc.sql("""
            insert into mirrored_ref (repo_id, name, target)
            select :repo, name, target from unnest(:names::text[], :targets::text[]) as given (name, target)
            on conflict do nothing\
            """)
                .param("repo", repo.id())
                .param("names", refs.stream().map(Ref::name).toArray(String[]::new))
                .param("targets", refs.stream().map(Ref::target).toArray(String[]::new))
                .update();
    }

    /** What another name stands for, where that was learnt lately. */
    Optional<String> alias(RepoType type, String name, Instant since) {
        return jdbc.sql("select target from mirrored_alias where type = :type and name = :name and checked_at > :since")
                .param("type", type.name())
                .param("name", name.toLowerCase(Locale.ROOT))
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .query(String.class)
                .optional();
    }

    void alias(RepoType type, String name, String target) {
        jdbc.sql("""
            insert into mirrored_alias (type, name, target, checked_at) values (:type, :name, :target, :now)
            on conflict (type, name) do update
            set target = excluded.target, checked_at = excluded.checked_at\
            """)
                .param("type", type.name())
                .param("name", name.toLowerCase(Locale.ROOT))
                .param("target", target)
                .param("now", now())
                .update();
    }

    /** Adds one to the refs of a repository, in the place of an older one. */
    void ref(Repo repo, Ref ref) {
        jdbc.sql("insert into mirrored_ref (repo_id, name, target) values (:repo, :name, :target)"
                        + " on conflict (repo_id, name) do update set target = excluded.target")
                .param("repo", repo.id())
                .param("name", ref.name())
                .param("target", ref.target())
                .update();
    }

    /** Notes that a commit has those files alone that somebody had downloaded. */
    void partial(Repo repo, String oid) {
        jdbc.sql("insert into partial_commit (repo_id, oid) values (:repo, :oid) on conflict do nothing")
                .param("repo", repo.id())
                .param("oid", oid)
                .update();
    }

    boolean isPartial(Repo repo, String digits) {
        return jdbc.sql("select exists(select 1 from partial_commit where repo_id = :repo and starts_with(oid, :oid))")
                .param("repo", repo.id())
                .param("oid", digits)
                .query(Boolean.class)
                .single();
    }

    /** Whether a commit was partial, which it is no more. */
    boolean complete(Repo repo, String oid) {
        return jdbc.sql("delete from partial_commit where repo_id = :repo and oid = :oid")
                        .param("repo", repo.id())
                        .param("oid", oid)
                        .update()
                == 1;
    }

    private OffsetDateTime now() {
        return at(clock.instant());
    }

    private static OffsetDateTime at(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
