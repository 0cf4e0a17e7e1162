package io.orrery.registry.audit;

import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.RepoEvent;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes events into the log, in the transactions that they tell of. An event of a new kind needs nothing here. */
@Component
class AuditListener {
    private static final Set<String> IN_COLUMNS = Set.of("repo", "actor");

    private final AuditLog log;
    private final JsonMapper json;

    AuditListener(AuditLog log, JsonMapper json) {
        this.log = log;
        this.json = json;
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void write(RepoEvent event) {
        log.add(AuditEvent.about(event.repo(), event.actor(), action(event), details(event)));
    }

    @EventListener
    @Transactional
    void write(AuditEvent event) {
        log.add(event);
    }

    /** The name of the kind: {@code RefChanged} is {@code ref.changed}. */
    private static String action(RepoEvent event) {
        return event.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", ".")
                .toLowerCase(Locale.ROOT);
    }

    /** All else that the event holds; of a commit what names it. */
    private Map<String, Object> details(RepoEvent event) {
        ObjectNode tree = json.valueToTree(event);
        tree.remove(IN_COLUMNS);
        Map<String, Object> details = new HashMap<>();
        for (Map.Entry<String, JsonNode> part : tree.properties()) {
            if (!part.getValue().isNull()) {
                details.put(part.getKey(), json.convertValue(part.getValue(), new TypeReference<Object>() {}));
            }
        }
        if (event instanceof RepoEvent.Committed made) {
            Commit commit = made.commit();
            details.put("commit", Map.of("oid", commit.oid(), "title", commit.title()));
        }
        return details;
    }
}
