package io.orrery.registry.audit;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import io.orrery.registry.wire.NextPage;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Shows the log to administrators, newest first, in pages. */
@Component
class AuditRoutes implements HubRoutes {
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 1000;

    private final AuditLog log;

    AuditRoutes(AuditLog log) {
        this.log = log;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(new HubRoute(HttpMethod.GET, "/api/audit", Optional.of(Scope.ADMIN), this::audit));
    }

    private ServerResponse audit(HubCall call) {
        int limit = call.limit(PAGE, MAX_PAGE);
        List<AuditEntry> found = log.find(new AuditLog.Question(
                call.query("repo"),
                call.query("type").map(AuditRoutes::type),
                call.query("actor"),
                call.query("action"),
                call.query("since").map(AuditRoutes::instant),
                before(NextPage.position(call)),
                limit + 1));
        List<AuditEntry> page = found.subList(0, Math.min(limit, found.size()));
        ServerResponse.BodyBuilder answer = ServerResponse.ok();
        if (found.size() > limit) {
            answer.header(
                    "Link", NextPage.link(call, Long.toString(page.getLast().id())));
        }
        return answer.body(page);
    }

    private static RepoType type(String text) {
        return Arrays.stream(RepoType.values())
                .filter(type -> type.value().equals(text))
                .findFirst()
                .orElseThrow(() -> HubProblem.badRequest("type must be model or dataset, but is '" + text + "'"));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw HubProblem.badRequest("since must be a time such as 2026-11-27T08:00:00Z, but is '" + text + "'");
        }
    }

    private static Optional<Long> before(String position) {
        if (position.isEmpty()) {
            return Optional.empty();
        }
        if (!position.matches("\\d{1,18}")) {
            throw HubProblem.badRequest("The cursor is not one of this log's");
        }
        return Optional.of(Long.parseLong(position));
    }
}
