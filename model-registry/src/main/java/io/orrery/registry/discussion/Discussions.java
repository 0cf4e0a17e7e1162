package io.orrery.registry.discussion;

import io.orrery.registry.discussion.Happening.Comment;
import io.orrery.registry.discussion.Happening.StatusChange;
import io.orrery.registry.discussion.Happening.TitleChange;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.CommitDraft;
import io.orrery.registry.repository.Merges;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What is said and done in discussions. Whoever sees a repository takes part; a discussion is closed and renamed by its author and by those
 * who may write to the repository, and they alone merge.
 */
@Service
class Discussions {
    private final Topics topics;
    private final Happenings happenings;
    private final Merges merges;
    private final Clock clock;

    Discussions(Topics topics, Happenings happenings, Merges merges, Clock clock) {
        this.topics = topics;
        this.happenings = happenings;
        this.merges = merges;
        this.clock = clock;
    }

    @Transactional
    public Topic open(Repo repo, String title, String words, Caller caller) {
        Topic topic = topics.add(repo, title, caller.name(), false, Topic.Status.OPEN);
        happenings.add(repo, topic.number(), caller.name(), Comment.of(words));
        return topic;
    }

    @Transactional
    public Happening comment(Repo repo, Topic topic, String words, Caller caller) {
        if (words.isBlank()) {
            throw HubProblem.badRequest("A comment needs words");
        }
        return happenings.add(repo, topic.number(), caller.name(), Comment.of(words));
    }

    /** Gives a comment other words; its author alone does. */
    @Transactional
    public Happening edit(Repo repo, Topic topic, long id, String words, Caller caller) {
        Happening old = happenings.get(repo, topic.number(), id);
        if (!(old.what() instanceof Comment comment) || comment.isHidden()) {
            throw HubProblem.badRequest("Only a comment that is not hidden can be edited");
        }
        if (!old.author().equals(caller.name())) {
            throw HubProblem.forbidden("Forbidden: a comment is edited by who wrote it");
        }
        return happenings.replace(
                old, new Comment(words, Optional.of(clock.instant().truncatedTo(ChronoUnit.MILLIS)), false));
    }

    /** Takes a comment's words away for ever. */
    @Transactional
    public Happening hide(Repo repo, Topic topic, long id, Caller caller) {
        Happening old = happenings.get(repo, topic.number(), id);
        if (!(old.what() instanceof Comment comment)) {
            throw HubProblem.badRequest("Only a comment can be hidden");
        }
        if (!old.author().equals(caller.name())) {
            Repos.requireWriter(repo, caller);
        }
        return happenings.replace(old, new Comment("", comment.editedAt(), true));
    }

    @Transactional
    public Happening rename(Repo repo, Topic topic, String title, Caller caller) {
        requireKeeper(repo, topic, caller);
        String next = Topics.shortened(title);
        topics.rename(repo, topic, next);
        return happenings.add(repo, topic.number(), caller.name(), new TitleChange(topic.title(), next));
    }

    /**
     * Closes a discussion, or opens it again.
     *
     * @param words said beside; none where blank
     */
    @Transactional
    public Happening setStatus(Repo repo, Topic topic, String word, String words, Caller caller) {
        requireKeeper(repo, topic, caller);
        if (!List.of("open", "closed").contains(word)) {
            throw HubProblem.badRequest("The status must be open or closed, but is '" + word + "'");
        }
        Topic.Status status = Topic.Status.of(word);
        if (topic.status() == Topic.Status.MERGED || topic.status() == status) {
            throw HubProblem.badRequest(
                    "Discussion " + topic.number() + " is " + topic.status().word() + " and cannot become " + word);
        }
        Happening change = changed(repo, topic, status, Optional.empty(), caller);
        sayBeside(repo, topic, words, caller);
        return change;
    }

    /** Brings a proposal's commits into {@code main}. */
    @Transactional
    public Happening merge(Repo repo, Topic topic, String words, Caller caller) {
        Repos.requireWriter(repo, caller);
        if (!topic.isProposal() || topic.isSettled()) {
            throw HubProblem.badRequest("Discussion " + topic.number() + " is "
                    + (topic.isProposal() ? topic.status().word() : "no pull request") + " and cannot be merged");
        }
        CommitDraft message = new CommitDraft(
                Revisions.MAIN,
                Optional.empty(),
                topic.title() + " (#" + topic.number() + ")",
                "Proposed by " + topic.author(),
                caller.name(),
                List.of());
        Commit merged = merges.merge(repo, topic.ref(), message);
        Happening change = changed(repo, topic, Topic.Status.MERGED, Optional.of(merged.oid()), caller);
        sayBeside(repo, topic, words, caller);
        return change;
    }

    private void sayBeside(Repo repo, Topic topic, String words, Caller caller) {
        if (!words.isBlank()) {
            happenings.add(repo, topic.number(), caller.name(), Comment.of(words));
        }
    }

    private Happening changed(Repo repo, Topic topic, Topic.Status status, Optional<String> mergedOid, Caller caller) {
        if (!topics.setStatus(repo, topic, status, mergedOid)) {
            throw HubProblem.conflict("Somebody else changed discussion " + topic.number() + " meanwhile");
        }
        return happenings.add(repo, topic.number(), caller.name(), new StatusChange(status.word()));
    }

    private static void requireKeeper(Repo repo, Topic topic, Caller caller) {
        if (!topic.author().equals(caller.name())) {
            Repos.requireWriter(repo, caller);
        }
    }
}
