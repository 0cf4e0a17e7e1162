package io.orrery.registry.keeping;

import io.orrery.api.identity.Scope;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.servlet.function.ServerResponse;

/** Lets administrators make room among mirrored contents now, and see how much of another hub is kept. */
@Component
class EvictionRoutes implements HubRoutes {
    private record State(long kept, Optional<Long> most) {}

    private final Eviction eviction;
    private final EvictionProperties properties;

    EvictionRoutes(Eviction eviction, EvictionProperties properties) {
        this.eviction = eviction;
        this.properties = properties;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                new HubRoute(HttpMethod.POST, "/api/admin/evict", Optional.of(Scope.ADMIN), this::evict),
                new HubRoute(HttpMethod.GET, "/api/admin/evict", Optional.of(Scope.ADMIN), call -> state()));
    }

    private ServerResponse evict(HubCall call) {
        long most = call.query("most")
                .map(EvictionRoutes::size)
                .or(this::most)
                .orElseThrow(
                        () -> HubProblem.badRequest("Nothing limits what is mirrored: say the most that may be kept"
                                + " in the query, such as most=500GB, or set orrery.registry.eviction.most"));
        Duration grace = call.query("grace").map(CollectionRoutes::grace).orElse(properties.grace());
        return ServerResponse.ok()
                .body(eviction.evict(most, grace)
                        .orElseThrow(() -> HubProblem.conflict("An eviction is running; ask again when it is over")));
    }

    private ServerResponse state() {
        return ServerResponse.ok().body(new State(eviction.kept(), most()));
    }

    private Optional<Long> most() {
        return Optional.ofNullable(properties.most()).map(DataSize::toBytes);
    }

    private static long size(String text) {
        try {
            DataSize size = DataSize.parse(text);
            if (!size.isNegative()) {
                return size.toBytes();
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw HubProblem.badRequest("most must be a size such as 500GB, but is '" + text + "'");
    }
}
