package io.orrery.registry.repository;

import io.orrery.registry.wire.HubProblem;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Names of commits: branches, tags, and what clients write in their place. */
@Service
public class Revisions {
    /** Every repository has it. */
    public static final String MAIN = "refs/heads/main";

    private static final String HEADS = "refs/heads/";
    private static final String TAGS = "refs/tags/";
    /** What the names of refs of proposals begin with; their numbers follow. */
    public static final String PROPOSALS = "refs/pr/";

    private static final Pattern COMMIT_PREFIX = Pattern.compile("[0-9a-f]{7,40}");
    /** A subset of git check-ref-format. */
    private static final Pattern REF_NAME =
            Pattern.compile("(?!.*(\\.\\.|//|@\\{|\\.lock(/|$)|/\\.))[^\\p{Cntrl} ~^:?*\\[\\\\./-]"
                    + "([^\\p{Cntrl} ~^:?*\\[\\\\]*[^\\p{Cntrl} ~^:?*\\[\\\\./])?");

    /** A ref and the commit that it names. */
    public record Ref(String name, String target) {
        boolean isBranch() {
            return name.startsWith(HEADS);
        }

        boolean isProposal() {
            return name.startsWith(PROPOSALS);
        }

        boolean isTag() {
            return name.startsWith(TAGS);
        }

        String shortName() {
            return name.substring(Stream.of(HEADS, TAGS, PROPOSALS)
                    .filter(name::startsWith)
                    .mapToInt(String::length)
                    .findFirst()
                    .orElse(0));
        }
    }

    /** A revision and the path after it, told apart. */
    public record Place(String revision, String path) {}

    private final RefRows refs;
    private final CommitRows commits;
    private final Upstream upstream;
    private final ApplicationEventPublisher events;

    Revisions(RefRows refs, CommitRows commits, Upstream upstream, ApplicationEventPublisher events) {
        this.refs = refs;
        this.commits = commits;
        this.upstream = upstream;
        this.events = events;
    }

    /** The commit that a branch, tag, full ref, {@code HEAD}, commit id or 7 and more digits of one names. */
    public Commit resolve(Repo repo, String revision) {
        if (repo.mirrored()) {
            upstream.bring(repo, revision);
        }
        List<String> names =
                revision.equals("HEAD") ? List.of(MAIN) : List.of(HEADS + revision, TAGS + revision, revision);
        List<RefEntity> named = refs.findByNames(repo.id(), names);
        for (String name : names) {
            for (RefEntity ref : named) {
                if (ref.name().equals(name)) {
                    return commit(repo, ref.target()).orElseThrow(() -> HubProblem.revisionNotFound(revision));
                }
            }
        }
        return byDigits(repo, revision).orElseThrow(() -> HubProblem.revisionNotFound(revision));
    }

    /** JavaScript clients write branches with slashes unencoded before a path: the longest ref that is there wins. */
    public Place split(Repo repo, List<String> segments) {
        if (segments.isEmpty()) {
            throw HubProblem.revisionNotFound("");
        }
        int length = segments.size() == 1 || isPlain(repo, segments.getFirst()) ? 1 : longestRef(repo, segments);
        return new Place(
                String.join("/", segments.subList(0, length)),
                String.join("/", segments.subList(length, segments.size())));
    }

    /** Whether a mirrored repository is asked for a commit or for what is known to name one: that hub need not list its refs. */
    private boolean isPlain(Repo repo, String segment) {
        return repo.mirrored()
                && (segment.equals("HEAD")
                        || COMMIT_PREFIX.matcher(segment).matches()
                        || !refs.findByNames(repo.id(), List.of(HEADS + segment, TAGS + segment))
                                .isEmpty());
    }

    /** Throws where a name is no branch: only those take commits. */
    public void requireBranch(Repo repo, String branch) {
        String name = branch.startsWith("refs/") ? branch : HEADS + branch;
        boolean takesCommits = name.startsWith(HEADS) || name.startsWith(PROPOSALS);
        if (!takesCommits || refs.findByNames(repo.id(), List.of(name)).isEmpty()) {
            throw HubProblem.revisionNotFound(branch);
        }
    }

    public List<Ref> all(Repo repo) {
        if (repo.mirrored()) {
            return upstream.refs(repo);
        }
        return refs.findByRepo(repo.id()).stream()
                .map(ref -> new Ref(ref.name(), ref.target()))
                .toList();
    }

    /** A commit and its ancestors, newest first. */
    public List<Commit> history(Repo repo, String oid, int count) {
        return commits.history(repo.id(), oid, count).stream()
                .map(CommitEntity::toCommit)
                .toList();
    }

    /** Makes a branch; {@code overwrite} moves one that is there. */
    @Transactional
    public void createBranch(Repo repo, String branch, String target, boolean overwrite, String actor) {
        String name = HEADS + checkedName(branch);
        hold(repo, target);
        if (refs.insert(repo.id(), name, target) == 0) {
            RefEntity there = refs.lock(repo.id(), name).orElseThrow(() -> HubProblem.conflict(exists(branch)));
            if (!overwrite || refs.move(repo.id(), name, there.target(), target) != 1) {
                throw HubProblem.conflict(exists(branch));
            }
        }
        events.publishEvent(new RepoEvent.RefChanged(repo, actor, name, Optional.of(target)));
    }

    /** Makes the ref of a proposal, which begins at a commit. */
    @Transactional
    public void createProposal(Repo repo, int number, String target, String actor) {
        String name = PROPOSALS + number;
        hold(repo, target);
        if (refs.insert(repo.id(), name, target) == 0) {
            throw HubProblem.conflict(exists(name));
        }
        events.publishEvent(new RepoEvent.RefChanged(repo, actor, name, Optional.of(target)));
    }

    @Transactional
    public void createTag(Repo repo, String tag, String target, String actor) {
        String name = TAGS + checkedName(tag);
        hold(repo, target);
        if (refs.insert(repo.id(), name, target) == 0) {
            throw HubProblem.conflict(exists(tag));
        }
        events.publishEvent(new RepoEvent.RefChanged(repo, actor, name, Optional.of(target)));
    }

    private void hold(Repo repo, String commit) {
        if (!commits.hold(repo.id(), commit)) {
            throw HubProblem.revisionNotFound(commit);
        }
    }

    @Transactional
    public void deleteBranch(Repo repo, String branch, String actor) {
        if ((HEADS + branch).equals(MAIN)) {
            throw HubProblem.forbidden("Forbidden: the branch main cannot be deleted");
        }
        delete(repo, HEADS, branch, actor);
    }

    @Transactional
    public void deleteTag(Repo repo, String tag, String actor) {
        delete(repo, TAGS, tag, actor);
    }

    private void delete(Repo repo, String kind, String shortName, String actor) {
        if (refs.delete(repo.id(), kind + shortName) == 0) {
            throw HubProblem.revisionNotFound(shortName);
        }
        events.publishEvent(new RepoEvent.RefChanged(repo, actor, kind + shortName, Optional.empty()));
    }

    private static String exists(String name) {
        return "The reference " + name + " exists already";
    }

    private static String checkedName(String name) {
        if (name.startsWith("refs/")
                || name.equals("HEAD")
                || name.length() > 200
                || !REF_NAME.matcher(name).matches()) {
            throw HubProblem.badRequest("Invalid reference name: '" + name + "'");
        }
        return name;
    }

    private int longestRef(Repo repo, List<String> segments) {
        Set<String> known = new HashSet<>();
        for (Ref ref : all(repo)) {
            known.add(ref.name());
            if (ref.isBranch() || ref.isTag()) {
                known.add(ref.shortName());
            }
        }
        for (int length = segments.size(); length > 1; length--) {
            if (known.contains(String.join("/", segments.subList(0, length)))) {
                return length;
            }
        }
        return 1;
    }

    private Optional<Commit> commit(Repo repo, String oid) {
        return commits.findByKey(new CommitEntity.Key(repo.id(), oid)).map(CommitEntity::toCommit);
    }

    private Optional<Commit> byDigits(Repo repo, String digits) {
        if (!COMMIT_PREFIX.matcher(digits).matches()) {
            return Optional.empty();
        }
        List<CommitEntity> found = commits.findByPrefix(repo.id(), digits);
        return found.size() == 1 ? Optional.of(found.getFirst().toCommit()) : Optional.empty();
    }
}
