package io.orrery.registry.mirror;

import io.orrery.registry.inspection.CommitFacts;
import io.orrery.registry.inspection.Facts;
import io.orrery.registry.inspection.ModelCard;
import io.orrery.registry.policy.PolicyGate;
import io.orrery.registry.policy.Proposal;
import io.orrery.registry.policy.ProposedFile;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.MirroredRepos;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Upstream.MirroredFile;
import io.orrery.registry.resolve.ResolveObserver;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Holds what is mirrored to the rules of this registry, by what is known before a byte is fetched: the repository's id, its card, and the
 * names and sizes of files. They hold for what is here already, too, since a rule may be younger than it.
 */
@Component
class MirrorRules implements ResolveObserver {
    private final MirrorPolicy policy;
    private final PolicyGate gate;
    private final Facts facts;

    MirrorRules(MirrorPolicy policy, PolicyGate gate, Facts facts) {
        this.policy = policy;
        this.gate = gate;
        this.facts = facts;
    }

    /** @throws HubProblem where a repository of this id is no longer mirrored */
    void requireMirrored(Repo repo) {
        if (!policy.mayMirror(repo.name())) {
            throw HubProblem.forbidden("Forbidden: " + repo.name() + " is not mirrored here, by the rules"
                    + " orrery.registry.mirror.allow and deny. Ask the administrator of this mirror.");
        }
    }

    /** Before headers alone are answered with, too. */
    @Override
    public void resolving(HubCall call, Repo repo, Commit commit, TreeItem file) {
        if (repo.mirrored()) {
            long size = file.blob().map(GitBlob::size).orElse(0L);
            admit(
                    repo,
                    commit,
                    ProposedFile.of(file.path(), size, Optional.empty()),
                    call.caller().name());
        }
    }

    /** @throws HubProblem where a rule blocks a file */
    void admit(MirroredFile file) {
        requireMirrored(file.repo());
        ProposedFile proposed = ProposedFile.of(file.path(), file.blob().size(), Optional.empty());
        admit(file.repo(), file.commit(), proposed, MirroredRepos.OWNER);
    }

    private void admit(Repo repo, Commit commit, ProposedFile file, String actor) {
        List<String> licences = facts.of(repo.id(), commit.oid())
                .map(CommitFacts::details)
                .map(CommitFacts.Details::cardData)
                .map(ModelCard::licences)
                .orElse(List.of());
        gate.admit(repo, actor, new Proposal(repo.name(), licences, List.of(file)));
    }
}
