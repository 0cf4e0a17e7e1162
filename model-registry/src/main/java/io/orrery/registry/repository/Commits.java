package io.orrery.registry.repository;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.wire.HubProblem;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Makes commits. Each is one transaction: committers to a branch wait for each other at its row, the changes go on top of what the head is
 * then, and the ref moves by compare and set.
 */
@Service
public class Commits {
    private static final String HEADS = "refs/heads/";

    private final RepoRows repos;
    private final RefRows refs;
    private final CommitRows commits;
    private final ObjectRows objects;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Commits(
            RepoRows repos,
            RefRows refs,
            CommitRows commits,
            ObjectRows objects,
            ApplicationEventPublisher events,
            Clock clock) {
        this.repos = repos;
        this.refs = refs;
        this.commits = commits;
        this.objects = objects;
        this.events = events;
        this.clock = clock;
    }

    /** The new commit, or the head where the changes change nothing: a client that repeats a request makes no empty commit. */
    @Transactional
    public Commit write(Repo repo, CommitDraft draft) {
        String ref = draft.branch().startsWith(HEADS) ? draft.branch() : HEADS + draft.branch();
        RefEntity branch = refs.lock(repo.id(), ref).orElseThrow(() -> HubProblem.revisionNotFound(draft.branch()));
        Commit head = commit(repo, branch.target());
        TreeEditor.Result tree = edited(head, draft);
        boolean isRepeat = tree.rootOid().equals(head.treeOid());
        if (isRepeat && isParent(draft, head.parent())) {
            return head;
        }
        if (!isParent(draft, Optional.of(head.oid()))) {
            throw HubProblem.staleParent();
        }
        return isRepeat ? head : append(repo, draft, ref, head, tree);
    }

    /** The first commit of a new repository, on {@code main}. */
    @Transactional
    public Commit writeFirst(Repo repo, CommitDraft draft) {
        TreeEditor editor = new TreeEditor(GitTree.EMPTY, "", oid -> GitTree.EMPTY);
        draft.changes().forEach(editor::apply);
        Commit first = insert(repo, draft, editor.result(), Optional.empty());
        refs.insert(repo.id(), Revisions.MAIN, first.oid());
        events.publishEvent(new RepoEvent.Committed(repo, draft.author(), Revisions.MAIN, first));
        return first;
    }

    private TreeEditor.Result edited(Commit head, CommitDraft draft) {
        TreeEditor editor = new TreeEditor(tree(head.treeOid()), head.oid(), this::tree);
        draft.changes().forEach(editor::apply);
        return editor.result();
    }

    private static boolean isParent(CommitDraft draft, Optional<String> commit) {
        return draft.parent().isEmpty()
                || commit.filter(oid -> oid.startsWith(draft.parent().get())).isPresent();
    }

    private Commit append(Repo repo, CommitDraft draft, String ref, Commit head, TreeEditor.Result tree) {
        Commit commit = insert(repo, draft, tree, Optional.of(head));
        if (refs.move(repo.id(), ref, head.oid(), commit.oid()) != 1) {
            throw HubProblem.staleParent();
        }
        repos.touch(repo.id(), commit.at());
        events.publishEvent(new RepoEvent.Committed(repo, draft.author(), ref, commit));
        return commit;
    }

    private Commit insert(Repo repo, CommitDraft draft, TreeEditor.Result tree, Optional<Commit> parent) {
        draft.changes().forEach(change -> {
            if (change instanceof Change.Put put) {
                GitBlob blob = put.blob();
                objects.insertBlob(blob.oid(), blob.sha256().map(Sha256::hex).orElse(null), blob.size(), blob.lfs());
            }
        });
        tree.trees().forEach(objects::insertTree);
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String message = draft.description().isEmpty() ? draft.title() : draft.title() + "\n\n" + draft.description();
        Optional<String> parentOid = parent.map(Commit::oid);
        Commit commit = new Commit(
                GitObjects.commitOid(tree.rootOid(), parentOid, draft.author(), at, message),
                tree.rootOid(),
                parentOid,
                parent.map(head -> head.generation() + 1).orElse(0),
                draft.title(),
                draft.description(),
                draft.author(),
                at);
        commits.insert(
                repo.id(),
                commit.oid(),
                commit.treeOid(),
                parentOid.orElse(null),
                commit.generation(),
                commit.title(),
                commit.description(),
                commit.author(),
                commit.at());
        return commit;
    }

    private Commit commit(Repo repo, String oid) {
        return commits.findByKey(new CommitEntity.Key(repo.id(), oid))
                .orElseThrow(() -> HubProblem.revisionNotFound(oid))
                .toCommit();
    }

    private GitTree tree(String oid) {
        return objects.findByOid(oid)
                .orElseThrow(() -> new IllegalStateException("the tree " + oid + " is missing from the database"))
                .toTree();
    }
}
