package io.orrery.registry.keeping;

import io.orrery.api.identity.Scope;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Lets administrators collect now, or see what that would do, or what the last collection did. */
@Component
class CollectionRoutes implements HubRoutes {
    private final Collector collector;
    private final CollectionRuns runs;
    private final CollectionProperties properties;

    CollectionRoutes(Collector collector, CollectionRuns runs, CollectionProperties properties) {
        this.collector = collector;
        this.runs = runs;
        this.properties = properties;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                new HubRoute(HttpMethod.POST, "/api/admin/collect", Optional.of(Scope.ADMIN), this::collect),
                new HubRoute(HttpMethod.GET, "/api/admin/collect", Optional.of(Scope.ADMIN), this::last));
    }

    private ServerResponse collect(HubCall call) {
        Duration grace = call.query("grace").map(CollectionRoutes::grace).orElse(properties.grace());
        if (call.flag("dryRun")) {
            return ServerResponse.ok().body(collector.rehearse(grace));
        }
        try {
            Collected done = collector
                    .collect(grace)
                    .orElseThrow(() -> HubProblem.conflict("A collection is running; ask again when it is over"));
            runs.note(done, call.caller().name());
            return ServerResponse.ok().body(done);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HubProblem.of(503, "The registry is stopping");
        }
    }

    static Duration grace(String text) {
        try {
            Duration grace = DurationStyle.detectAndParse(text);
            if (!grace.isNegative()) {
                return grace;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw HubProblem.badRequest("grace must be a time such as 24h or 30m, but is '" + text + "'");
    }

    private ServerResponse last(HubCall call) {
        return ServerResponse.ok().body(runs.last().orElseThrow(() -> HubProblem.of(404, "Nothing was collected yet")));
    }
}
