package io.orrery.registry.discussion;

import io.orrery.registry.discussion.Happening.Comment;
import io.orrery.registry.discussion.Happening.NewCommit;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.CommitDraft;
import io.orrery.registry.repository.Commits;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.RepoEvent;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Commits that are proposed for {@code main}: each proposal is a discussion with a ref that takes commits. */
@Service
public class Proposals {
    /** A proposal with its first commit. */
    public record Proposed(int number, Commit commit) {}

    private final Topics topics;
    private final Happenings happenings;
    private final Revisions revisions;
    private final Commits commits;

    Proposals(Topics topics, Happenings happenings, Revisions revisions, Commits commits) {
        this.topics = topics;
        this.happenings = happenings;
        this.revisions = revisions;
        this.commits = commits;
    }

    /** Makes a proposal that has no commit yet. */
    @Transactional
    public int open(Repo repo, String title, String words, Caller caller) {
        return open(repo, title, words, Topic.Status.DRAFT, revisions.resolve(repo, Revisions.MAIN), caller.name());
    }

    /**
     * Makes a proposal of a commit.
     *
     * @param draft begins at its parent, where it names one, else at its branch
     */
    @Transactional
    public Proposed propose(Repo repo, CommitDraft draft) {
        Commit start = revisions.resolve(repo, draft.parent().orElse(draft.branch()));
        int number = open(repo, draft.title(), draft.description(), Topic.Status.OPEN, start, draft.author());
        CommitDraft first = new CommitDraft(
                Revisions.PROPOSALS + number,
                Optional.empty(),
                draft.title(),
                draft.description(),
                draft.author(),
                draft.changes());
        return new Proposed(number, commits.write(repo, first));
    }

    private int open(Repo repo, String title, String words, Topic.Status status, Commit start, String author) {
        Topic topic = topics.add(repo, title, author, true, status);
        revisions.createProposal(repo, topic.number(), start.oid(), author);
        happenings.add(repo, topic.number(), author, Comment.of(words));
        return topic.number();
    }

    /** Throws where the caller may not commit to a branch. To a proposal that is not settled its author may. */
    public void requireCommitter(Repo repo, String branch, Caller caller) {
        if (!branch.startsWith(Revisions.PROPOSALS)) {
            Repos.requireWriter(repo, caller);
            return;
        }
        Topic topic = topics.get(repo, number(branch.substring(Revisions.PROPOSALS.length())));
        if (topic.isSettled()) {
            throw HubProblem.badRequest(
                    "Pull request " + topic.number() + " is " + topic.status().word() + " and takes no more commits");
        }
        if (!topic.author().equals(caller.name())) {
            Repos.requireWriter(repo, caller);
        }
    }

    static int number(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw HubProblem.of(404, "Discussion not found: " + text);
        }
        return Integer.parseInt(text);
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void follow(RepoEvent.Rewritten again) {
        topics.follow(again.repo(), again.commits());
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void note(RepoEvent.Committed made) {
        if (made.ref().startsWith(Revisions.PROPOSALS)) {
            int number = number(made.ref().substring(Revisions.PROPOSALS.length()));
            happenings.add(
                    made.repo(),
                    number,
                    made.actor(),
                    new NewCommit(made.commit().title(), made.commit().oid()));
        }
    }
}
