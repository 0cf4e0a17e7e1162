package io.orrery.registry.policy;

import io.orrery.registry.audit.AuditEvent;
import io.orrery.registry.policy.Verdict.Violation;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubProblem;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Refuses what the rules block, and remembers who tried. */
@Service
public class PolicyGate {
    private static final int MOST_TOLD = 20;

    private final Policy policy;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate apart;

    PolicyGate(Policy policy, ApplicationEventPublisher events, PlatformTransactionManager transactions) {
        this.policy = policy;
        this.events = events;
        this.apart = new TransactionTemplate(transactions);
        // what is refused is rolled back; that it was tried is not
        this.apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** What to warn of. @throws HubProblem where a rule blocks something */
    public List<Violation> admit(Repo repo, String actor, Proposal proposal) {
        Verdict verdict = policy.check(proposal);
        if (!verdict.isBlocked()) {
            return verdict.flagged();
        }
        Violation first = verdict.blocked().getFirst();
        apart.executeWithoutResult(status -> events.publishEvent(AuditEvent.about(
                repo,
                actor,
                "policy.blocked",
                Map.of(
                        "files",
                        verdict.blocked().stream().limit(MOST_TOLD).toList(),
                        "count",
                        verdict.blocked().size()))));
        int others = verdict.blocked().size() - 1;
        throw HubProblem.forbidden(
                first.sentence() + (others == 0 ? "" : " " + others + " more of the files are refused too."));
    }
}
