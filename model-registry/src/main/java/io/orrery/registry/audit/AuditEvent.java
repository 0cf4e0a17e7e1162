package io.orrery.registry.audit;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.repository.Repo;
import java.util.Map;
import java.util.Optional;

/**
 * Something that somebody did and that is no {@link io.orrery.registry.repository.RepoEvent}, such as granting access or changing a rule.
 * Published as an event inside the transaction that does it, it is in the log exactly when that is done; outside of one, at once.
 *
 * @param action such as {@code policy.blocked}
 * @param details fit for JSON
 */
public record AuditEvent(String actor, String action, Optional<Subject> subject, Map<String, ?> details) {
    /**
     * The repository that it is about.
     *
     * @param key what stays when it is renamed; empty where there is no such repository
     */
    public record Subject(RepoType type, String repo, Optional<String> key) {
        public static Subject of(Repo repo) {
            return new Subject(repo.type(), repo.name(), Optional.of(repo.publicId()));
        }
    }

    public AuditEvent {
        details = Map.copyOf(details);
    }

    public static AuditEvent about(Repo repo, String actor, String action, Map<String, ?> details) {
        return new AuditEvent(actor, action, Optional.of(Subject.of(repo)), details);
    }

    /** About the registry as a whole. */
    public static AuditEvent of(String actor, String action, Map<String, ?> details) {
        return new AuditEvent(actor, action, Optional.empty(), details);
    }
}
