package io.orrery.registry.repository;

import io.orrery.registry.blob.Sha256;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Writes the commits of a repository again as if some large contents had never been in it. A commit that had none of them, and whose
 * ancestors had none, keeps its id. Committers wait meanwhile.
 */
@Service
public class HistoryRewrite {
    private final JdbcClient jdbc;
    private final RefRows refs;
    private final CommitRows commits;
    private final ObjectRows objects;
    private final ApplicationEventPublisher events;

    HistoryRewrite(
            JdbcClient jdbc, RefRows refs, CommitRows commits, ObjectRows objects, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.refs = refs;
        this.commits = commits;
        this.objects = objects;
        this.events = events;
    }

    @Transactional
    public void forget(Repo repo, Collection<Sha256> contents, String actor) {
        Set<String> blobs = blobs(contents);
        List<RefEntity> heads = lockedRefs(repo);
        List<Commit> before =
                commits.findAll(repo.id()).stream().map(CommitEntity::toCommit).toList();
        Set<String> reachable = reachable(before, heads);
        Map<String, Commit> now = rewritten(repo, before, reachable, new TreeFilter(blobs, objects::tree));
        Map<String, String> ids = new HashMap<>();
        List<String> gone = new ArrayList<>();
        for (Commit commit : before) {
            Commit next = now.get(commit.oid());
            if (next == null) {
                gone.add(commit.oid());
            } else if (!next.oid().equals(commit.oid())) {
                ids.put(commit.oid(), next.oid());
                gone.add(commit.oid());
            }
        }
        gone.removeAll(new HashSet<>(ids.values()));
        moveRefs(repo, heads, now, actor);
        deleteCommits(repo, gone);
        if (!ids.isEmpty()) {
            events.publishEvent(new RepoEvent.Rewritten(
                    repo, actor, contents.stream().map(Sha256::hex).sorted().toList(), ids));
        }
    }

    private Set<String> blobs(Collection<Sha256> contents) {
        return new HashSet<>(jdbc.sql("select oid from git_blob where lfs and content_sha256 = any(:hashes::text[])")
                .param("hashes", Sha256.hex(contents))
                .query((row, number) -> row.getString("oid"))
                .list());
    }

    private List<RefEntity> lockedRefs(Repo repo) {
        List<String> names = jdbc.sql("select name from git_ref where repo_id = :repo order by name for update")
                .param("repo", repo.id())
                .query((row, number) -> row.getString("name"))
                .list();
        return refs.findByNames(repo.id(), names);
    }

    /** The commits that a ref leads to. */
    private static Set<String> reachable(List<Commit> commits, List<RefEntity> heads) {
        Map<String, Commit> byOid = new HashMap<>();
        commits.forEach(commit -> byOid.put(commit.oid(), commit));
        Set<String> reachable = new HashSet<>();
        for (RefEntity head : heads) {
            Optional<Commit> next = Optional.ofNullable(byOid.get(head.target()));
            while (next.isPresent() && reachable.add(next.get().oid())) {
                next = next.get().parent().map(byOid::get);
            }
        }
        return reachable;
    }

    /**
     * What each commit is now, by the id that it had.
     *
     * @param before ancestors first
     * @param reachable the commits that are written again; others that had the contents are left out, as is what was built on them
     */
    private Map<String, Commit> rewritten(Repo repo, List<Commit> before, Set<String> reachable, TreeFilter filter) {
        Map<String, Commit> now = new HashMap<>();
        for (Commit commit : before) {
            String tree = filter.root(commit.treeOid());
            Optional<Commit> parent = commit.parent().map(now::get);
            boolean isSame =
                    tree.equals(commit.treeOid()) && parent.map(Commit::oid).equals(commit.parent());
            if (isSame) {
                now.put(commit.oid(), commit);
            } else if (reachable.contains(commit.oid())) {
                now.put(commit.oid(), again(repo, commit, tree, parent, filter));
            }
        }
        return now;
    }

    private Commit again(Repo repo, Commit old, String tree, Optional<Commit> parent, TreeFilter filter) {
        objects.insertTrees(filter.written());
        @Nullable String parentOid = parent.map(Commit::oid).orElse(null);
        String message = old.description().isEmpty() ? old.title() : old.title() + "\n\n" + old.description();
        Commit commit = new Commit(
                GitObjects.commitOid(tree, parent.map(Commit::oid), old.author(), old.at(), message),
                tree,
                parent.map(Commit::oid),
                old.generation(),
                old.title(),
                old.description(),
                old.author(),
                old.at());
        commits.insert(
                repo.id(),
                commit.oid(),
                tree,
                parentOid,
                commit.generation(),
                commit.title(),
                commit.description(),
                commit.author(),
                commit.at());
        return commit;
    }

    private void moveRefs(Repo repo, List<RefEntity> heads, Map<String, Commit> rewritten, String actor) {
        for (RefEntity ref : heads) {
            Commit now = rewritten.get(ref.target());
            if (now == null || now.oid().equals(ref.target())) {
                continue;
            }
            refs.move(repo.id(), ref.name(), ref.target(), now.oid());
            events.publishEvent(
                    ref.name().startsWith("refs/heads/")
                            ? new RepoEvent.Committed(repo, actor, ref.name(), now)
                            : new RepoEvent.RefChanged(repo, actor, ref.name(), Optional.of(now.oid())));
        }
    }

    private void deleteCommits(Repo repo, List<String> gone) {
        jdbc.sql("delete from git_commit where repo_id = :repo and oid = any(:gone::text[])")
                .param("repo", repo.id())
                .param("gone", gone.toArray(String[]::new))
                .update();
    }
}
