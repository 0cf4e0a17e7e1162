package io.orrery.registry.repository;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Which repositories there are, and who may see them. */
@Service
public class Repos {
    private static final int PUBLIC_ID_BYTES = 12;

    private final RepoRows rows;
    private final Commits commits;
    private final Upstream upstream;
    private final ContentAccess access;
    private final List<NamespaceRule> namespaceRules;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Repos(
            RepoRows rows,
            Commits commits,
            Upstream upstream,
            ContentAccess access,
            List<NamespaceRule> namespaceRules,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.commits = commits;
        this.upstream = upstream;
        this.access = access;
        this.namespaceRules = namespaceRules;
        this.events = events;
        this.clock = clock;
    }

    /** A repository that the caller may see, ours or another hub's; a hidden one is as missing as one that is not there. */
    public Repo get(RepoType type, String name, Caller caller) {
        return find(type, name)
                .or(() -> {
                    leadToNewName(type, name, caller);
                    return upstream.find(type, name, caller);
                })
                .filter(repo -> isVisible(repo, caller))
                .map(repo -> requireEnabled(repo, caller))
                .orElseThrow(HubProblem::repoNotFound);
    }

    private static Repo requireEnabled(Repo repo, Caller caller) {
        if (repo.disabled() && !caller.seesEverything()) {
            throw HubProblem.disabled();
        }
        return repo;
    }

    /** Throws {@link HubProblem#moved} where a repository had this name that the caller may see. */
    private void leadToNewName(RepoType type, String name, Caller caller) {
        rows.findByFormerName(type.name(), name)
                .map(RepoEntity::toRepo)
                .filter(repo -> isVisible(repo, caller))
                .ifPresent(repo -> {
                    throw HubProblem.moved(repo.name());
                });
    }

    /** A repository of ours that the caller may write to. */
    public Repo getWritable(RepoType type, String name, Caller caller) {
        Repo repo = get(type, name, caller).requireOurs();
        requireWriter(repo, caller);
        return repo;
    }

    /** A repository to which the caller lets others in: his, or another hub's for an administrator. */
    Repo getAdministered(RepoType type, String name, Caller caller) {
        Repo repo = get(type, name, caller);
        requireWriter(repo, caller);
        return repo;
    }

    /** Throws where the caller may see a repository but not write to it. */
    public static void requireWriter(Repo repo, Caller caller) {
        if (!mayWrite(repo, caller)) {
            throw HubProblem.forbidden("Forbidden: " + repo.name()
                    + " is written to by its owner, the members of its project and administrators");
        }
    }

    /** Throws where the caller may not even propose commits to a repository, and so not bring contents for them. */
    public static void requireContributor(Repo repo, Caller caller) {
        if (repo.requireOurs().discussionsDisabled()) {
            requireWriter(repo, caller);
        }
    }

    /** A repository is written to by its owner, the members of its project, administrators and the platform's services. */
    public static boolean mayWrite(Repo repo, Caller caller) {
        return caller.seesEverything()
                || repo.owner().equals(caller.name())
                || (repo.project().isPresent() && repo.project().equals(caller.project()));
    }

    /** Throws where a namespace is others': it is open to whom it is named after, to those who have a repository in it, and while it is new. */
    void requireNamespace(RepoName name, Caller caller) {
        String namespace = name.value().substring(0, name.value().indexOf('/'));
        boolean isOwn = namespace.equalsIgnoreCase(caller.name())
                || caller.project().filter(namespace::equalsIgnoreCase).isPresent();
        if (!isOwn
                && !caller.seesEverything()
                && !rows.isNamespaceOpen(
                        namespace, caller.name(), caller.project().orElse(caller.name()))) {
            throw HubProblem.forbidden(
                    "Forbidden: the namespace " + namespace + " is others'; make the repository under "
                            + caller.project().orElse(caller.name()) + ", or ask an administrator");
        }
    }

    /** As {@link #get}, of those that are here. */
    Repo getHere(RepoType type, String name, Caller caller) {
        return known(find(type, name), caller);
    }

    /** As {@link #get}, of those that are here, also by a name that one had before. */
    Repo getHereByAnyName(RepoType type, String name, Caller caller) {
        return known(
                find(type, name)
                        .or(() -> rows.findByFormerName(type.name(), name).map(RepoEntity::toRepo)),
                caller);
    }

    private static Repo known(Optional<Repo> found, Caller caller) {
        return found.filter(repo -> isVisible(repo, caller))
                .map(repo -> requireEnabled(repo, caller))
                .orElseThrow(HubProblem::repoNotFound);
    }

    /** A private repository is seen by its owner, the members of its project, administrators and the platform's services. */
    public static boolean isVisible(Repo repo, Caller caller) {
        return !repo.isPrivate() || mayWrite(repo, caller);
    }

    /** A repository that a row names, whoever may see it. */
    public Optional<Repo> byId(long id) {
        return rows.findById(id).map(RepoEntity::toRepo);
    }

    /** Those of the repositories whose contents the caller may read. */
    public Set<Long> readable(Collection<Long> ids, Caller caller) {
        return ids.isEmpty()
                ? Set.of()
                : rows.findByIdIn(ids).stream()
                        .map(RepoEntity::toRepo)
                        .filter(repo -> !repo.disabled() && isVisible(repo, caller) && access.isGranted(repo, caller))
                        .map(Repo::id)
                        .collect(Collectors.toSet());
    }

    /** Those of some keys that are there, whoever may see them. */
    public List<Repo> byIds(Collection<Long> ids) {
        return ids.isEmpty()
                ? List.of()
                : rows.findByIdIn(ids).stream().map(RepoEntity::toRepo).toList();
    }

    Optional<Repo> find(RepoType type, String name) {
        return rows.findByTypeAndName(type, name).map(RepoEntity::toRepo);
    }

    /** Makes a repository with a first commit. */
    @Transactional
    Repo create(NewRepos.Wanted wanted, Caller owner, List<Change> firstFiles) {
        namespaceRules.forEach(rule -> rule.check(wanted.name().value(), Optional.empty()));
        byte[] publicId = new byte[PUBLIC_ID_BYTES];
        random.nextBytes(publicId);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Repo repo = rows.save(new RepoEntity(
                        HexFormat.of().formatHex(publicId),
                        wanted.type(),
                        wanted.name().value(),
                        wanted.isPrivate(),
                        owner.name(),
                        owner.project(),
                        now))
                .toRepo();
        events.publishEvent(new RepoEvent.Created(repo, owner.name()));
        commits.writeFirst(
                repo, new CommitDraft("main", Optional.empty(), wanted.title(), "", owner.name(), firstFiles));
        return repo;
    }

    /** From which size on contents come in parts to a repository. */
    @Transactional
    void setMultipartThreshold(Repo repo, long bytes) {
        rows.setMultipartThreshold(repo.id(), bytes);
    }

    /** Deletes a repository with all its revisions; contents stay until nothing refers to them. */
    @Transactional
    void delete(Repo repo, Caller caller) {
        if (rows.deleteById(repo.id()) == 0) {
            throw HubProblem.repoNotFound();
        }
        events.publishEvent(new RepoEvent.Deleted(repo, caller.name()));
    }
}
