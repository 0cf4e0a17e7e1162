package io.orrery.registry.wire;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** All routes. Dispatch and access control read the same table, so a route without a rule cannot be. */
@Component
public class RouteTable {
    private record Key(String method, String pattern) {}

    private final Map<Key, HubRoute> routes = new HashMap<>();

    RouteTable(List<HubRoutes> features) {
        for (HubRoutes feature : features) {
            for (HubRoute route : feature.routes()) {
                HubRoute other = routes.put(new Key(route.method().name(), route.pattern()), route);
                if (other != null) {
                    throw new IllegalStateException("two routes answer " + route.method() + " " + route.pattern());
                }
            }
        }
    }

    public Collection<HubRoute> all() {
        return List.copyOf(routes.values());
    }

    /** The route of a request; throws {@link HubProblem} where its path cannot be decoded. */
    public Optional<HubRoute> find(HttpServletRequest request) {
        return find(request.getMethod(), HubPath.parse(rawPath(request)));
    }

    /** Who asks for headers alone is answered as by GET, of which the server keeps the body, unless there is something shorter. */
    Optional<HubRoute> find(String method, HubPath path) {
        Optional<HubRoute> route = Optional.ofNullable(routes.get(new Key(method, path.pattern())));
        return method.equals("HEAD") ? route.or(() -> find("GET", path)) : route;
    }

    /** The path as it came, without what a proxy in the same process put before it. */
    static String rawPath(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
