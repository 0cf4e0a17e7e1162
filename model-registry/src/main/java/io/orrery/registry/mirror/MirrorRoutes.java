package io.orrery.registry.mirror;

import io.orrery.api.identity.Scope;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Tells what is mirrored, and lets administrators cut the mirror off. */
@Component
class MirrorRoutes implements HubRoutes {
    private record Order(@Nullable Boolean offline) {}

    private final MirrorProperties properties;
    private final MirrorState state;

    MirrorRoutes(MirrorProperties properties, MirrorState state) {
        this.properties = properties;
        this.state = state;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/api/mirror/state", call -> state()),
                new HubRoute(HttpMethod.PUT, "/api/mirror/offline", Optional.of(Scope.ADMIN), this::setOffline));
    }

    private ServerResponse setOffline(HubCall call) {
        Boolean offline = call.body(Order.class).offline();
        if (offline == null) {
            throw HubProblem.badRequest("The body must be {\"offline\": true} or {\"offline\": false}");
        }
        state.setOffline(offline, call.caller().name());
        return state();
    }

    private ServerResponse state() {
        return ServerResponse.ok()
                .body(Map.of(
                        "upstream",
                        Optional.ofNullable(properties.upstream())
                                .map(Object::toString)
                                .orElse(""),
                        "offline",
                        state.isOffline()));
    }
}
