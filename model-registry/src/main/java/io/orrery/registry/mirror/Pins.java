package io.orrery.registry.mirror;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.audit.AuditEvent;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.MirroredRepos;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Revisions.Ref;
import io.orrery.registry.repository.Trees;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Which revisions of mirrored repositories stay what they are, whatever the other hub says, and keep their contents. */
@Service
public class Pins {
    private static final String HEADS = "refs/heads/";
    private static final String TAGS = "refs/tags/";

    /**
     * A revision that stays.
     *
     * @param revision a branch or tag by its short name, another ref, or a commit
     */
    public record Pin(
            long repoId,
            RepoType type,
            String repo,
            String revision,
            String commit,
            String pinnedBy,
            Instant pinnedAt) {}

    private final JdbcClient jdbc;
    private final MirroredRepos repos;
    private final Trees trees;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Pins(JdbcClient jdbc, MirroredRepos repos, Trees trees, ApplicationEventPublisher events, Clock clock) {
        this.jdbc = jdbc;
        this.repos = repos;
        this.trees = trees;
        this.events = events;
        this.clock = clock;
    }

    /** Of some contents, those that a pinned revision has: they are kept here, whoever needs room. */
    public Set<Sha256> pinned(Collection<Sha256> contents) {
        return new HashSet<>(jdbc.sql("select distinct b.content_sha256 from git_blob b"
                        + " join mirror_pinned_blob p on p.blob_oid = b.oid"
                        + " where b.content_sha256 = any(:contents::text[])")
                .param("contents", Sha256.hex(contents))
                .query((row, number) -> new Sha256(row.getString(1)))
                .list());
    }

    List<Pin> all() {
        return jdbc.sql("select p.*, r.type, r.name from mirror_pin p join repo r on r.id = p.repo_id"
                        + " order by lower(r.name), r.type, p.revision")
                .query((row, number) -> new Pin(
                        row.getLong("repo_id"),
                        RepoType.valueOf(row.getString("type")),
                        row.getString("name"),
                        row.getString("revision"),
                        row.getString("commit_oid"),
                        row.getString("pinned_by"),
                        row.getObject("pinned_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    Optional<Pin> find(Repo repo, String revision) {
        return of(repo).stream()
                .filter(pin -> pin.revision().equals(name(revision)))
                .findFirst();
    }

    boolean isPinned(Repo repo, String revision) {
        return jdbc.sql("select exists(select 1 from mirror_pin where repo_id = :repo and revision = :revision)")
                .param("repo", repo.id())
                .param("revision", name(revision))
                .query(Boolean.class)
                .single();
    }

    boolean isAnyPinned(Repo repo) {
        return !of(repo).isEmpty();
    }

    /** As {@link #isPinned}, which is so until the end of the transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean holdPinned(Repo repo, String revision) {
        lock(repo);
        return isPinned(repo, revision);
    }

    /**
     * Lets a revision stay what it is now; one that is pinned already stays what it was then.
     *
     * @param commit that it was found to name
     */
    @Transactional
    public Pin pin(Repo repo, String revision, Commit commit, String by) {
        lock(repo);
        String name = commit.oid().startsWith(revision) ? commit.oid() : name(revision);
        String target = target(repo, name).orElse(commit.oid());
        int added = jdbc.sql("insert into mirror_pin (repo_id, revision, commit_oid, pinned_by, pinned_at)"
                        + " values (:repo, :revision, :commit, :by, :at) on conflict do nothing")
                .param("repo", repo.id())
                .param("revision", name)
                .param("commit", target)
                .param("by", by)
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update();
        if (added == 1) {
            holdFiles(repo, name, target);
            events.publishEvent(
                    AuditEvent.about(repo, by, "mirror.pinned", Map.of("revision", name, "commit", target)));
        }
        return find(repo, name).orElseThrow();
    }

    /** Whether it was pinned. */
    @Transactional
    public boolean unpin(Repo repo, String revision, String by) {
        lock(repo);
        List<Pin> gone = of(repo).stream()
                .filter(pin -> pin.revision().equals(name(revision))
                        || (revision.length() >= 7
                                && pin.revision().startsWith(revision)
                                && pin.revision().equals(pin.commit())))
                .toList();
        for (Pin pin : gone) {
            jdbc.sql("delete from mirror_pin where repo_id = :repo and revision = :revision")
                    .param("repo", repo.id())
                    .param("revision", pin.revision())
                    .update();
            events.publishEvent(AuditEvent.about(repo, by, "mirror.unpinned", Map.of("revision", pin.revision())));
        }
        return !gone.isEmpty();
    }

    /** The refs of a repository as they are shown here: pinned ones name what they did. */
    List<Ref> applyTo(Repo repo, List<Ref> refs) {
        Map<String, String> targets = new HashMap<>();
        of(repo).forEach(pin -> targets.put(pin.revision(), pin.commit()));
        return refs.stream()
                .map(ref -> new Ref(ref.name(), targets.getOrDefault(name(ref.name()), ref.target())))
                .toList();
    }

    private void holdFiles(Repo repo, String revision, String target) {
        Commit commit = repos.commit(repo, target).orElseThrow();
        String[] blobs = trees.files(commit).stream()
                .flatMap(file -> file.blob().stream())
                .map(blob -> blob.oid())
                .distinct()
                .toArray(String[]::new);
        jdbc.sql("insert into mirror_pinned_blob (repo_id, revision, blob_oid)"
                        + " select :repo, :revision, oid from unnest(:blobs::text[]) as held (oid)")
                .param("repo", repo.id())
                .param("revision", revision)
                .param("blobs", blobs)
                .update();
    }

    private List<Pin> of(Repo repo) {
        return jdbc.sql("select * from mirror_pin where repo_id = :repo")
                .param("repo", repo.id())
                .query((row, number) -> new Pin(
                        repo.id(),
                        repo.type(),
                        repo.name(),
                        row.getString("revision"),
                        row.getString("commit_oid"),
                        row.getString("pinned_by"),
                        row.getObject("pinned_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    private Optional<String> target(Repo repo, String name) {
        return jdbc.sql("select target from git_ref where repo_id = :repo and name in (:head, :tag, :ref)"
                        + " order by name <> :head, name <> :tag limit 1")
                .param("repo", repo.id())
                .param("head", HEADS + name)
                .param("tag", TAGS + name)
                .param("ref", name)
                .query(String.class)
                .optional();
    }

    private void lock(Repo repo) {
        jdbc.sql("select id from repo where id = :repo for no key update")
                .param("repo", repo.id())
                .query(Long.class)
                .optional();
    }

    /** One name of the several that a branch or tag goes by. */
    static String name(String revision) {
        if (revision.equals("HEAD")) {
            return "main";
        }
        return revision.startsWith(HEADS)
                ? revision.substring(HEADS.length())
                : revision.startsWith(TAGS) ? revision.substring(TAGS.length()) : revision;
    }
}
