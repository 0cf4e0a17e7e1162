package io.orrery.registry.repository;

import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.wire.HubProblem;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** What a commit is made of: its tree, and those of its blobs that were there before. */
    private record Objects(TreeEditor.Result tree, List<GitBlob> old) {}

    private final Contents contents;
    private final RepoRows repos;
    private final RefRows refs;
    private final CommitRows commits;
    private final ObjectRows objects;
    private final List<CommitRule> rules;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Commits(
            Contents contents,
            RepoRows repos,
            RefRows refs,
            CommitRows commits,
            ObjectRows objects,
            List<CommitRule> rules,
            ApplicationEventPublisher events,
            Clock clock) {
        this.contents = contents;
        this.repos = repos;
        this.refs = refs;
        this.commits = commits;
        this.objects = objects;
        this.rules = rules;
        this.events = events;
        this.clock = clock;
    }

    /** The new commit, or the head where the changes change nothing: a client that repeats a request makes no empty commit. */
    @Transactional
    public Commit write(Repo repo, CommitDraft draft) {
        rules.forEach(rule -> rule.check(repo, draft));
        String ref = draft.branch().startsWith("refs/") ? draft.branch() : HEADS + draft.branch();
        List<GitBlob> old = write(blobs(draft));
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
        return isRepeat ? head : append(repo, draft, ref, head, new Objects(tree, old));
    }

    /** Makes one commit of a branch's history: the same files, without ancestors. */
    @Transactional
    public Commit squash(Repo repo, String branch, String message, String author) {
        String ref = branch.startsWith(HEADS) ? branch : HEADS + branch;
        RefEntity there = refs.lock(repo.id(), ref).orElseThrow(() -> HubProblem.revisionNotFound(branch));
        Commit head = commit(repo, there.target());
        CommitDraft draft = new CommitDraft(branch, Optional.empty(), message, "", author, List.of());
        Commit only = insert(
                repo, draft, new Objects(new TreeEditor.Result(head.treeOid(), Map.of()), List.of()), Optional.empty());
        if (refs.move(repo.id(), ref, head.oid(), only.oid()) != 1) {
            throw HubProblem.staleParent();
        }
        events.publishEvent(new RepoEvent.Committed(repo, author, ref, only));
        return only;
    }

    /** A commit without files, for a branch to begin with. */
    @Transactional
    public Commit empty(Repo repo, String author) {
        CommitDraft draft = new CommitDraft("", Optional.empty(), "initial commit", "", author, List.of());
        TreeEditor.Result tree = new TreeEditor(GitTree.EMPTY, "", oid -> GitTree.EMPTY).result();
        return insert(repo, draft, new Objects(tree, List.of()), Optional.empty());
    }

    /** The first commit of a new repository, on {@code main}. */
    @Transactional
    public Commit writeFirst(Repo repo, CommitDraft draft) {
        rules.forEach(rule -> rule.check(repo, draft));
        TreeEditor editor = new TreeEditor(GitTree.EMPTY, "", oid -> GitTree.EMPTY);
        draft.changes().forEach(editor::apply);
        Objects written = new Objects(editor.result(), write(blobs(draft)));
        Commit first = insert(repo, draft, written, Optional.empty());
        refs.insert(repo.id(), Revisions.MAIN, first.oid());
        repos.touch(repo.id(), first.at(), brought(draft, written.old()));
        events.publishEvent(new RepoEvent.Committed(repo, draft.author(), Revisions.MAIN, first));
        return first;
    }

    /** They are written before the branch is locked: they are most of a commit's rows, and true whatever becomes of it. */
    private List<GitBlob> write(List<GitBlob> blobs) {
        Set<Sha256> missing = contents.hold(
                blobs.stream().flatMap(blob -> blob.sha256().stream()).toList());
        if (!missing.isEmpty()) {
            Sha256 first = missing.iterator().next();
            boolean wasUploaded =
                    blobs.stream().anyMatch(blob -> blob.lfs() && blob.sha256().equals(Optional.of(first)));
            throw wasUploaded
                    ? HubProblem.badRequest("The object " + first.hex()
                            + " was uploaded too long before this commit and is no longer there; upload it again")
                    : HubProblem.of(503, "A file of this commit was cleaned away on its way; send the commit again");
        }
        return objects.insertBlobs(blobs);
    }

    private static List<GitBlob> blobs(CommitDraft draft) {
        return draft.changes().stream()
                .filter(Change.Put.class::isInstance)
                .map(change -> ((Change.Put) change).blob())
                .toList();
    }

    private TreeEditor.Result edited(Commit head, CommitDraft draft) {
        TreeEditor editor = new TreeEditor(objects.tree(head.treeOid()), head.oid(), objects::tree);
        draft.changes().forEach(editor::apply);
        return editor.result();
    }

    /** The bytes of those blobs inside git that were nowhere before. */
    private static long brought(CommitDraft draft, List<GitBlob> old) {
        Set<String> there = old.stream().map(GitBlob::oid).collect(Collectors.toSet());
        return blobs(draft).stream()
                .filter(blob -> !blob.lfs() && there.add(blob.oid()))
                .mapToLong(GitBlob::size)
                .sum();
    }

    private static boolean isParent(CommitDraft draft, Optional<String> commit) {
        return draft.parent().isEmpty()
                || commit.filter(oid -> oid.startsWith(draft.parent().get())).isPresent();
    }

    private Commit append(Repo repo, CommitDraft draft, String ref, Commit head, Objects objects) {
        Commit commit = insert(repo, draft, objects, Optional.of(head));
        if (refs.move(repo.id(), ref, head.oid(), commit.oid()) != 1) {
            throw HubProblem.staleParent();
        }
        repos.touch(repo.id(), commit.at(), brought(draft, objects.old()));
        events.publishEvent(new RepoEvent.Committed(repo, draft.author(), ref, commit));
        return commit;
    }

    private Commit insert(Repo repo, CommitDraft draft, Objects written, Optional<Commit> parent) {
        TreeEditor.Result tree = written.tree();
        objects.insertTrees(tree.trees());
        objects.touchBlobs(written.old());
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
}
