package io.orrery.registry.mirror;

import io.orrery.api.hub.LfsFile;
import io.orrery.api.hub.RepoRefs;
import io.orrery.api.hub.RepoType;
import io.orrery.api.hub.TreeEntry;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.inspection.Facts;
import io.orrery.registry.mirror.Answer.Absent;
import io.orrery.registry.mirror.Answer.Found;
import io.orrery.registry.mirror.UpstreamException.Failure;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.MirroredRepos;
import io.orrery.registry.repository.MirroredRepos.Description;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.Revisions.Ref;
import io.orrery.registry.wire.HubProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Asks the other hub and writes down what it says, a revision in a transaction. */
@Component
class Bringer {
    private static final Logger LOG = LoggerFactory.getLogger(Bringer.class);
    private static final String MAIN = "main";
    private static final int MOST_AUTHOR = 200;

    private final UpstreamApi api;
    private final MirroredRepos repos;
    private final MirrorRows rows;
    private final Pins pins;
    private final Facts facts;
    private final TransactionTemplate transaction;

    Bringer(
            UpstreamApi api,
            MirroredRepos repos,
            MirrorRows rows,
            Pins pins,
            Facts facts,
            TransactionTemplate transaction) {
        this.api = api;
        this.repos = repos;
        this.rows = rows;
        this.pins = pins;
        this.facts = facts;
        this.transaction = transaction;
    }

    /** A repository that is not here yet, with its {@code main}; empty where there is none. */
    Optional<Repo> adopt(RepoType type, String name) {
        return switch (api.info(type, name, MAIN)) {
            case Absent<UpstreamInfo> absent ->
                switch (absent.what()) {
                    case FORBIDDEN -> throw HubProblem.forbidden(absent.sentence());
                    case REPOSITORY, REVISION, ENTRY, GATED -> Optional.empty();
                };
            case Found<UpstreamInfo>(UpstreamInfo info) -> {
                if (!info.name().equalsIgnoreCase(name)) {
                    rows.alias(type, name, info.name());
                    throw HubProblem.moved(info.name());
                }
                Brought brought = fetch(type, info);
                yield Optional.ofNullable(transaction.execute(status -> {
                    Repo repo = repos.describe(type, info.name(), info.description());
                    if (repo.mirrored()) {
                        write(repo, info, brought);
                        name(repo, MAIN, Revisions.MAIN, info.sha());
                    }
                    return repo;
                }));
            }
        };
    }

    /** Looks what a revision names now, and brings that. Throws {@link HubProblem} where it names nothing any more. */
    void check(Repo repo, String revision) {
        switch (api.info(repo.type(), repo.name(), revision)) {
            case Absent<UpstreamInfo> absent -> absent(repo, revision, absent);
            case Found<UpstreamInfo>(UpstreamInfo info) -> {
                if (!info.name().equalsIgnoreCase(repo.name())) {
                    renamed(repo, info.name());
                }
                Optional<Brought> brought =
                        isWhole(repo, info.sha()) ? Optional.empty() : Optional.of(fetch(repo.type(), info));
                Optional<String> ref =
                        info.sha().startsWith(revision) ? Optional.empty() : Optional.of(ref(repo, revision));
                transaction.executeWithoutResult(status -> {
                    repos.describe(repo.type(), repo.name(), description(repo, revision, info));
                    brought.ifPresent(commit -> write(repo, info, commit));
                    if (!pins.holdPinned(repo, revision)) {
                        name(repo, revision, ref.orElse(""), info.sha());
                    }
                });
            }
        }
    }

    /** Brings the list of all refs up to date, where the other hub gives one. */
    List<Ref> refs(Repo repo) {
        if (api.refs(repo.type(), repo.name()) instanceof Found<RepoRefs>(RepoRefs refs)) {
            List<Ref> all = Stream.of(refs.branches(), refs.converts(), refs.tags())
                    .filter(Objects::nonNull)
                    .flatMap(List::stream)
                    .filter(ref ->
                            ref.ref().startsWith("refs/") && ref.targetCommit().matches("[0-9a-f]{40}"))
                    .map(ref -> new Ref(ref.ref(), ref.targetCommit()))
                    .toList();
            transaction.executeWithoutResult(status -> rows.refs(repo, all));
            return all;
        }
        return rows.refs(repo);
    }

    private boolean isWhole(Repo repo, String sha) {
        return repos.commit(repo, sha).isPresent() && !rows.isPartial(repo, sha);
    }

    private record Brought(UpstreamCommit commit, List<Change.Put> files) {}

    private void absent(Repo repo, String revision, Absent<UpstreamInfo> absent) {
        switch (absent.what()) {
            case REVISION, ENTRY -> {
                transaction.executeWithoutResult(status -> {
                    if (pins.holdPinned(repo, revision)) {
                        return;
                    }
                    rows.forget(repo, revision);
                    repos.forget(repo, "refs/heads/" + revision);
                    repos.forget(repo, "refs/tags/" + revision);
                });
                throw HubProblem.revisionNotFound(revision);
            }
            case REPOSITORY ->
                throw new UpstreamException(
                        Failure.GONE,
                        "The upstream no longer has " + repo.name() + ", or no longer shows it to this mirror");
            case GATED, FORBIDDEN ->
                throw new UpstreamException(
                        Failure.GONE,
                        "The upstream no longer shows " + repo.name() + " to this mirror: " + absent.sentence());
        }
    }

    /** The row follows the name; where the new one is here already, the old one goes. */
    private void renamed(Repo repo, String name) {
        LOG.info("{} is called {} at the upstream now", repo.name(), name);
        transaction.executeWithoutResult(status -> {
            if (!repos.rename(repo, name) && !pins.isAnyPinned(repo)) {
                repos.delete(repo);
            }
            rows.alias(repo.type(), repo.name(), name);
        });
        throw HubProblem.moved(name);
    }

    /** Only {@code main} says when a repository changed. */
    private static Description description(Repo repo, String revision, UpstreamInfo info) {
        Description told = info.description();
        return new Description(
                told.isPrivate(),
                told.gated(),
                told.createdAt(),
                revision.equals(MAIN) ? told.updatedAt() : repo.updatedAt());
    }

    private Brought fetch(RepoType type, UpstreamInfo info) {
        List<TreeEntry> entries = switch (api.files(type, info.name(), info.sha())) {
            case Found<List<TreeEntry>>(List<TreeEntry> found) -> found;
            case Absent<List<TreeEntry>> absent ->
                throw new UpstreamException(
                        Failure.BROKEN,
                        "The upstream names the commit " + info.sha() + " of " + info.name()
                                + " but does not list its files");
        };
        List<Change.Put> files = new ArrayList<>();
        for (TreeEntry entry : entries) {
            if (TreeEntry.FILE.equals(entry.type())) {
                file(info, entry).ifPresent(files::add);
            }
        }
        return new Brought(history(type, info), files);
    }

    /** A file that could not be written here is left out: no client could keep it, either. */
    @SuppressWarnings("NullAway") // a foreign listing may lack anything
    private static Optional<Change.Put> file(UpstreamInfo info, TreeEntry entry) {
        try {
            return Optional.of(new Change.Put(FilePath.parse(String.valueOf(entry.path())), blob(entry)));
        } catch (HubProblem | IllegalArgumentException e) {
            LOG.warn("{} has a file at {} that cannot be mirrored: {}", info.name(), info.sha(), e.getMessage());
            return Optional.empty();
        }
    }

    private static GitBlob blob(TreeEntry entry) {
        LfsFile lfs = entry.lfs();
        if (lfs != null && lfs.oid() != null) {
            return GitBlob.lfs(new Sha256(lfs.oid()), lfs.size());
        }
        if (!String.valueOf(entry.oid()).matches("[0-9a-f]{40}") || entry.size() < 0) {
            throw new IllegalArgumentException("'" + entry.oid() + "' is no hash of git's");
        }
        return new GitBlob(entry.oid(), Optional.empty(), entry.size(), false);
    }

    /** Its title and date are good to have, and no reason to fail. */
    private UpstreamCommit history(RepoType type, UpstreamInfo info) {
        try {
            if (api.commit(type, info.name(), info.sha()) instanceof Found<UpstreamCommit>(UpstreamCommit commit)) {
                return commit;
            }
        } catch (UpstreamException e) {
            LOG.info("{} has no history that could be read: {}", info.name(), e.getMessage());
        }
        return new UpstreamCommit("", "", "", Optional.empty(), 0);
    }

    private void write(Repo repo, UpstreamInfo info, Brought brought) {
        UpstreamCommit told = brought.commit();
        Commit commit = new Commit(
                info.sha(),
                "",
                Optional.empty(),
                told.ancestors(),
                told.title().isEmpty() ? "Commit " + info.sha().substring(0, 7) : told.title(),
                told.message(),
                told.author().isEmpty()
                        ? MirroredRepos.OWNER
                        : told.author()
                                .substring(
                                        0, Math.min(MOST_AUTHOR, told.author().length())),
                told.at().orElse(info.description().updatedAt()));
        if (rows.complete(repo, info.sha())) {
            repos.forget(repo, commit);
        }
        repos.write(repo, commit, brought.files());
        facts.save(repo.id(), info.sha(), UpstreamFacts.of(info.json()));
    }

    private void name(Repo repo, String revision, String ref, String sha) {
        if (!ref.isEmpty()) {
            repos.point(repo, ref, sha);
        }
        rows.named(repo, revision, sha);
    }

    /** Branch or tag: the other hub's list tells; one that gives none has branches. */
    private String ref(Repo repo, String revision) {
        if (revision.equals(MAIN) || revision.startsWith("refs/")) {
            return revision.equals(MAIN) ? Revisions.MAIN : revision;
        }
        List<String> names = List.of("refs/heads/" + revision, "refs/tags/" + revision);
        return named(rows.refs(repo), names).or(() -> named(refs(repo), names)).orElse(names.getFirst());
    }

    private static Optional<String> named(List<Ref> refs, List<String> names) {
        return names.stream()
                .filter(name -> refs.stream().anyMatch(ref -> ref.name().equals(name)))
                .findFirst();
    }
}
