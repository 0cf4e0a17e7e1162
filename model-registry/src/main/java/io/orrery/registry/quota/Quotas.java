package io.orrery.registry.quota;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.CommitDraft;
import io.orrery.registry.repository.CommitRule;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.NamespaceRule;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubProblem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;

/**
 * Refuses what a namespace has no room for. Said when uploads are announced, so that nothing is sent in vain, and held to at the commit, in
 * whose transaction all that was uploaded counts. Commits at the same moment may exceed a limit by what they bring inside git.
 */
@Service
public class Quotas implements CommitRule, NamespaceRule {
    private final Limits limits;
    private final Usages usages;

    Quotas(Limits limits, Usages usages) {
        this.limits = limits;
        this.usages = usages;
    }

    /** @throws HubProblem where contents that are to come outside git do not fit */
    public void admitUploads(Repo repo, Map<Sha256, Long> contents) {
        String namespace = namespace(repo.name());
        limits.of(namespace).bytes().ifPresent(most -> {
            long more = usages.newLarge(namespace, contents);
            if (more > 0) {
                requireRoom(namespace, most, more);
            }
        });
    }

    /**
     * Of files it is not known yet which are here already.
     *
     * @throws HubProblem where nothing fits any more, or one file is larger than all that the namespace may keep
     */
    public void admitFiles(Repo repo, long largest) {
        String namespace = namespace(repo.name());
        limits.of(namespace).bytes().ifPresent(most -> {
            requireRoom(namespace, most, 0);
            if (largest > most) {
                throw HubProblem.of(
                        413,
                        "A file of " + largest + " bytes is more than the namespace " + namespace
                                + " may keep, which is " + most + " bytes. Ask an administrator for a larger quota.");
            }
        });
    }

    @Override
    public void check(Repo repo, CommitDraft draft) {
        List<GitBlob> blobs = draft.changes().stream()
                .filter(Change.Put.class::isInstance)
                .map(change -> ((Change.Put) change).blob())
                .toList();
        String namespace = namespace(repo.name());
        if (blobs.isEmpty()) {
            return;
        }
        limits.of(namespace)
                .bytes()
                .ifPresent(most -> requireRoom(
                        namespace,
                        most,
                        usages.newLarge(namespace, large(blobs))
                                + usages.newRegular(blobs.stream()
                                        .filter(blob -> !blob.lfs())
                                        .toList())));
    }

    private static Map<Sha256, Long> large(List<GitBlob> blobs) {
        return blobs.stream()
                .filter(GitBlob::lfs)
                .collect(Collectors.toMap(blob -> blob.sha256().orElseThrow(), GitBlob::size, (size, same) -> size));
    }

    @Override
    public void check(String name, Optional<Repo> moved) {
        String namespace = namespace(name);
        Limit limit = limits.of(namespace);
        if (moved.filter(repo -> namespace(repo.name()).equals(namespace)).isPresent()) {
            return;
        }
        limit.repositories().ifPresent(most -> {
            usages.lock(namespace);
            int there = usages.of(namespace).repositories();
            if (there >= most) {
                throw HubProblem.forbidden(
                        "The namespace " + namespace + " has " + there + " repositories and may have " + most
                                + ". Delete one that is not needed, or ask an administrator for a larger quota.");
            }
        });
        moved.ifPresent(repo ->
                limit.bytes().ifPresent(most -> requireRoom(namespace, most, usages.incoming(namespace, repo))));
    }

    private void requireRoom(String namespace, long most, long more) {
        long kept = usages.of(namespace).bytes();
        if (kept + more > most) {
            throw HubProblem.of(
                    413,
                    "The namespace " + namespace + " keeps " + kept + " bytes and may keep " + most
                            + (more == 0 ? "" : "; this needs " + more + " more")
                            + ". Delete what is not needed, or ask an administrator for a larger quota.");
        }
    }

    static String namespace(String name) {
        return name.substring(0, name.indexOf('/')).toLowerCase(Locale.ROOT);
    }
}
