package io.orrery.registry.access;

import io.orrery.api.hub.WhoAmI;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Tells a caller whom the token names. */
@Component
class WhoAmIRoutes implements HubRoutes {
    @Override
    public List<HubRoute> routes() {
        return List.of(HubRoute.read(HttpMethod.GET, "/api/whoami-v2", this::whoAmI));
    }

    private ServerResponse whoAmI(HubCall call) {
        Caller caller = call.caller();
        return ServerResponse.ok()
                .body(WhoAmI.of(
                        caller.name(), caller.name(), WhoAmI.AccessToken.of(caller.name(), caller.mayWrite(), null)));
    }
}
