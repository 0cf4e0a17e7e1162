package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.RouteTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Walks every route that is mapped, and asks it as nobody and as somebody who may do everything but that. */
class RouteScopeTest extends RunningRegistry {
    private static final Set<String> OPEN = Set.of("/health");

    @Autowired
    RouteTable routes;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping controllers;

    @Test
    void everyRouteNeedsItsScope() {
        assertThat(routes.all()).hasSizeGreaterThan(20);
        String none = Tokens.of("mallory", "lab", Scope.INFERENCE, Scope.TUNE_READ, Scope.TUNE_WRITE);
        for (HubRoute route : routes.all()) {
            if (route.scope().isEmpty()) {
                continue;
            }
            String method = route.method().name();
            Scope[] others = Arrays.stream(Scope.values())
                    .filter(scope -> scope != route.scope().get())
                    .toArray(Scope[]::new);
            String label = method + " " + route.pattern();
            assertThat(callAs("", method, example(route), "{}").statusCode())
                    .as(label)
                    .isEqualTo(401);
            assertThat(callAs(none, method, example(route), "{}").statusCode())
                    .as(label)
                    .isEqualTo(403);
            assertThat(callAs(Tokens.of("eve", "lab", others), method, example(route), "{}")
                            .statusCode())
                    .as(label)
                    .isEqualTo(403);
        }
    }

    /** Their authority is in the address, or a token that the registry itself gave out. */
    @Test
    void routesWithoutAScopeAskForAnotherAuthority() {
        Map<String, Integer> answers = new TreeMap<>();
        for (HubRoute route : routes.all()) {
            if (route.scope().isEmpty()) {
                String path = route.pattern().replace("{oid}", "0".repeat(64));
                String address = path.contains("/objects/") ? path : path + "/" + "0".repeat(64);
                answers.put(
                        route.method() + " " + route.pattern(),
                        callAs("", route.method().name(), address, "").statusCode());
            }
        }
        Map<String, Integer> expected = new TreeMap<>(Map.of("GET /cas/xorb", 403));
        for (String method : List.of("PUT", "POST", "GET", "HEAD")) {
            expected.put(method + " /lfs/objects/{oid}", 403);
        }
        for (String route : List.of("GET /cas/v1/chunks", "POST /cas/v1/xorbs", "POST /cas/v1/shards")) {
            expected.put(route, 401);
        }
        for (String route : List.of("GET /cas/v1/reconstructions", "GET /cas/v2/reconstructions")) {
            expected.put(route, 401);
        }
        expected.put("POST /cas/v1/telemetry", 401);
        // the two that are not there, which clients must hear
        expected.put("POST /cas/v2/shards", 404);
        expected.put("GET /cas/v2/file-chunk-hashes", 404);
        assertThat(answers).isEqualTo(expected);
    }

    @Test
    void controllersAreOpenOnPurposeOrClosed() {
        Set<String> patterns = new TreeSet<>();
        controllers.getHandlerMethods().keySet().forEach(mapping -> patterns.addAll(mapping.getPatternValues()));
        assertThat(patterns).containsAll(OPEN);
        for (String pattern : patterns) {
            int status = callAs("", "GET", pattern, "").statusCode();
            assertThat(status).as(pattern).isEqualTo(OPEN.contains(pattern) ? 200 : 401);
        }
    }

    @Test
    void onlyAnAdministratorSeesMetrics() {
        assertThat(callAs("", "GET", "/actuator/health", "").statusCode()).isEqualTo(200);
        assertThat(callAs("", "GET", "/actuator/health/readiness", "").statusCode())
                .isEqualTo(200);
        assertThat(get("/api/models/lab/any").statusCode()).isEqualTo(404);
        assertThat(get("/actuator/prometheus").statusCode()).isEqualTo(403);
        assertThat(callAs(Tokens.of("root", "lab", Scope.ADMIN), "GET", "/actuator/prometheus", "")
                        .body())
                .contains("http_server_requests_seconds_count")
                .contains("uri=\"/api/{type}/{repo}\"");
    }

    /** A path that the route answers. */
    private static String example(HubRoute route) {
        String path = route.pattern()
                .replace("{type}", "models")
                .replace("{repo}", "lab/any")
                .replaceAll("\\{(user|organization|id)}", "lab");
        return route.pattern().startsWith("/api/{type}/{repo}/")
                        || route.pattern().matches("/\\{repo}/(resolve|raw)")
                ? path + "/main/x"
                : path;
    }
}
