package io.orrery.registry.repository;

import io.orrery.registry.wire.HubProblem;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Brings what one ref has into a branch. A branch that has not gone on since takes the ref's commits as they are; else the files that the
 * ref changed since their last common commit are changed on the branch by one commit, unless the branch changed one of them, too.
 */
@Service
public class Merges {
    private static final int MOST_NAMED = 10;

    private final JdbcClient jdbc;
    private final RepoRows repos;
    private final RefRows refs;
    private final ObjectRows objects;
    private final Revisions revisions;
    private final Commits writer;
    private final ApplicationEventPublisher events;

    Merges(
            JdbcClient jdbc,
            RepoRows repos,
            RefRows refs,
            ObjectRows objects,
            Revisions revisions,
            Commits writer,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.repos = repos;
        this.refs = refs;
        this.objects = objects;
        this.revisions = revisions;
        this.writer = writer;
        this.events = events;
    }

    /** Paths that a ref and a branch changed differently, in order. */
    public SortedSet<String> conflicts(Repo repo, String branch, String ref) {
        return plan(repo, revisions.resolve(repo, branch), revisions.resolve(repo, ref))
                .trees()
                .conflicts();
    }

    /**
     * Merges, all or nothing.
     *
     * @param message its branch is merged into, its changes are not looked at
     * @return the commit that the branch has now
     */
    @Transactional
    public Commit merge(Repo repo, String ref, CommitDraft message) {
        if (refs.lock(repo.id(), message.branch()).isEmpty()) {
            throw HubProblem.revisionNotFound(message.branch());
        }
        Plan plan = plan(repo, revisions.resolve(repo, message.branch()), revisions.resolve(repo, ref));
        SortedSet<String> conflicts = plan.trees().conflicts();
        if (!conflicts.isEmpty()) {
            throw HubProblem.conflict(ref + " conflicts with " + message.branch() + " in "
                    + conflicts.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")));
        }
        return plan.isForward() ? forward(repo, plan, message) : writer.write(repo, draft(plan, message));
    }

    private record Plan(Commit ours, Commit theirs, Optional<Commit> base, TreeMerge trees) {
        /** Whether the branch has nothing that the ref lacks. */
        boolean isForward() {
            return base.filter(ours::equals).isPresent();
        }
    }

    private Plan plan(Repo repo, Commit ours, Commit theirs) {
        Optional<Commit> base = base(repo, ours, theirs);
        GitTree before = base.map(commit -> tree(commit.treeOid())).orElse(GitTree.EMPTY);
        return new Plan(
                ours,
                theirs,
                base,
                new TreeMerge(
                        TreeDiff.between(before, tree(ours.treeOid()), this::tree),
                        TreeDiff.between(before, tree(theirs.treeOid()), this::tree)));
    }

    private Optional<Commit> base(Repo repo, Commit ours, Commit theirs) {
        return jdbc.sql("""
            with recursive ours as (
                select oid, parent_oid, generation from git_commit where repo_id = :repo and oid = :ours
                union all
                select p.oid, p.parent_oid, p.generation from git_commit p
                join ours on p.repo_id = :repo and p.oid = ours.parent_oid
            ), theirs as (
                select oid, parent_oid from git_commit where repo_id = :repo and oid = :theirs
                union all
                select p.oid, p.parent_oid from git_commit p
                join theirs on p.repo_id = :repo and p.oid = theirs.parent_oid
            )
            select ours.oid from ours join theirs using (oid) order by ours.generation desc limit 1\
            """)
                .param("repo", repo.id())
                .param("ours", ours.oid())
                .param("theirs", theirs.oid())
                .query(String.class)
                .optional()
                .map(oid -> revisions.resolve(repo, oid));
    }

    private Commit forward(Repo repo, Plan plan, CommitDraft message) {
        Commit head = plan.theirs();
        if (!head.equals(plan.ours())) {
            if (refs.move(repo.id(), message.branch(), plan.ours().oid(), head.oid()) != 1) {
                throw HubProblem.staleParent();
            }
            repos.touch(repo.id(), head.at(), 0);
            events.publishEvent(new RepoEvent.Committed(repo, message.author(), message.branch(), head));
        }
        return head;
    }

    private CommitDraft draft(Plan plan, CommitDraft message) {
        Map<String, GitBlob> blobs = objects.blobs(plan.trees().theirs().values().stream()
                .flatMap(Optional::stream)
                .collect(Collectors.toSet()));
        return new CommitDraft(
                message.branch(),
                Optional.of(plan.ours().oid()),
                message.title(),
                message.description(),
                message.author(),
                plan.trees().changes(oid -> Objects.requireNonNull(blobs.get(oid), "a blob of a tree is known")));
    }

    private GitTree tree(String oid) {
        return objects.tree(oid);
    }
}
