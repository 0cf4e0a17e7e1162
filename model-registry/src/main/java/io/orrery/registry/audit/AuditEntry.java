package io.orrery.registry.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.orrery.api.hub.RepoType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A line of the log.
 *
 * @param repo its name at the time
 * @param repoId what stays when it is renamed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AuditEntry(
        long id,
        Instant at,
        String actor,
        String action,
        @Nullable RepoType type,
        @Nullable String repo,
        @Nullable String repoId,
        JsonNode details) {}
