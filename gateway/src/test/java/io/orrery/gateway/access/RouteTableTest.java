package io.orrery.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.gateway.RunningGateway;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** The table of routes against what the running gateway maps. */
class RouteTableTest extends RunningGateway {
    @Autowired
    ApplicationContext context;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/health|health",
                "GET|/actuator/health|actuator-health",
                "GET|/actuator/health/readiness|actuator-health",
                "GET|/actuator/prometheus|actuator",
                "POST|/v1/admin/keys|keys",
                "DELETE|/v1/admin/keys/key_1|key",
                "POST|/v1/chat/completions|chat",
                "POST|/v1/completions|completions",
                "GET|/v1/models|models",
                "GET|/v1/models/lab/a:lab/b@v1|models",
                "GET|/v1/models/lab%2Fa|models",
                "POST|/v1/files|files-write",
                "GET|/v1/files/file-1/content|files-read",
                "DELETE|/v1/files/file-1|files-write",
                "POST|/v1/fine_tuning/jobs|tuning-write",
                "POST|/v1/fine_tuning/jobs/ftjob-1/cancel|tuning-write",
                "GET|/v1/fine_tuning/jobs/ftjob-1/events|tuning-read",
                "GET|/api/whoami-v2|whoami",
                "POST|/api/import|hub-import",
                "GET|/api/audit|hub-audit",
                "GET|/api/_conformance|hub-clients",
                "POST|/api/_conformance|hub-clients-report",
                "POST|/api/conversions|hub-conversions",
                "GET|/api/conversions|hub-conversions-read",
                "GET|/api/conversions/1|hub-conversions-read",
                "DELETE|/api/conversions/1|hub-conversion",
                "POST|/api/admin/collect|hub-admin",
                "GET|/api/admin/collect|hub-admin",
                "GET|/api/mirror/pins|hub-mirror",
                "POST|/api/mirror/pins|hub-mirror-admin",
                "PUT|/api/mirror/offline|hub-mirror-admin",
                "GET|/api/agent-harnesses|hub-api-read",
                "GET|/api/modelsx/lab/a|hub-api-read",
                "GET|/api/models|hub-repositories",
                "HEAD|/api/models/lab/a/tree/main/d%2Fe|hub-repositories",
                "POST|/api/models/lab/a/paths-info/refs%2Fpr%2F1|hub-paths-info",
                "POST|/api/datasets/lab/a/paths-info/main|hub-paths-info",
                "POST|/api/validate-yaml|hub-validate-yaml",
                "POST|/api/models/lab/a/preupload/main|hub-api-write",
                "POST|/api/models/lab/a/commit/main|hub-api-write",
                "DELETE|/api/repos/delete|hub-api-write",
                "PUT|/api/spaces/lab/a/settings|hub-api-write",
                "POST|/api/repos/move|hub-api-write",
                "GET|/api/models/lab/a/user-access-request/pending|hub-repositories",
                "POST|/api/models/lab/a/user-access-request/handle|hub-api-write",
                "POST|/api/models/lab/a/user-access-request/cancel|hub-ask-no-more",
                "POST|/lab/a/ask-access|hub-ask",
                "POST|/datasets/lab/a/ask-access|hub-ask",
                "POST|/api/models/lab/a/like|hub-like",
                "DELETE|/api/datasets/lab/a/like|hub-like",
                "POST|/api/models/lab/a/discussions/1/merge|hub-api-write",
                "GET|/api/models/lab/a/xet-write-token/main|hub-write-token",
                "GET|/api/models/lab/a/xet-read-token/main|hub-repositories",
                "GET|/v2/|images-ping",
                "GET|/v2/token|images-token",
                "GET|/v2/lab/a/manifests/latest|images",
                "HEAD|/v2/datasets/lab/a/blobs/sha256:00|images",
                "GET|/v2/lab/a/tags/list|images",
                "GET|/v2/lab/a/referrers/sha256:00|images",
                "PUT|/lfs/objects/abc|hub-signed",
                "POST|/lab/a.git/info/lfs/objects/batch|hub-lfs-batch",
                "POST|/datasets/lab/a.git/info/lfs/objects/verify|hub-lfs-write",
                "GET|/gpt2/resolve/main/config.json|hub-file",
                "HEAD|/lab/a/resolve/feature%2Fx/d/e;f=g.txt|hub-file",
                "GET|/datasets/lab/a/raw/main/README.md|hub-file",
                "HEAD|/spaces/lab/a/resolve/main/app.py|hub-file",
            })
    void everyPathFindsItsRow(String method, String path, String name) {
        assertThat(Routes.find(method, path)).map(Route::name).contains(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/",
                "GET|/v1",
                "POST|/v1/embeddings",
                "GET|/v1/chat/completions",
                "DELETE|/v1/models/lab/a",
                "GET|/v1/admin",
                "GET|/v1/admin/keys/",
                "GET|/v1/admin/keys/a/b",
                "GET|/v1/admin%2Fkeys",
                "GET|/v1/adm%69n/keys",
                "GET|/v1/admin/keys;a=b",
                "POST|/actuator/prometheus",
                "GET|/actuatorx",
                "GET|/healthy",
                "PUT|/lab/a/resolve/main/x",
                "GET|/lab/a/blob/main/x",
                "GET|/api/",
                "GET|/api",
                "GET|/v1/resolve/main/x",
                "GET|/a/b/c/resolve/main/x",
                "TRACE|/api/models",
                "GET|//api/models",
            })
    void whatIsNotInTheTableIsNoRoute(String method, String path) {
        assertThat(Routes.find(method, path)).isEmpty();
    }

    @Test
    void everyRowAsksForAScopeButTheseFew() {
        List<String> free = Routes.all().stream()
                .filter(route -> !(route.access() instanceof Access.Needs))
                .map(Route::name)
                .toList();

        assertThat(free)
                .containsExactlyInAnyOrder(
                        "health",
                        "actuator-health",
                        "hub-signed",
                        "hub-xet",
                        "whoami",
                        "hub-clients",
                        "hub-repositories",
                        "hub-paths-info",
                        "hub-file",
                        "hub-lfs-batch",
                        "images-ping",
                        "images-token",
                        "images");
    }

    @Test
    void namesAreUnique() {
        assertThat(Routes.all()).extracting(Route::name).doesNotHaveDuplicates();
    }

    @Test
    void everyControllersRouteIsInTheTableAndEndsHere() {
        Set<String> mapped = context.getBeansOfType(RequestMappingInfoHandlerMapping.class).values().stream()
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .flatMap(RouteTableTest::calls)
                .filter(call -> !call.contains(" /error"))
                .collect(Collectors.toSet());

        assertThat(mapped)
                .contains("POST /v1/admin/keys", "GET /health", "GET /actuator/prometheus", "GET /api/whoami-v2");
        assertThat(mapped).allSatisfy(call -> {
            String[] parts = call.split(" ");
            Optional<Route> route = Routes.find(parts[0], parts[1]);
            assertThat(route).as(call).isPresent();
            assertThat(route.orElseThrow().destination()).as(call).isEqualTo(Destination.HERE);
        });
    }

    @Test
    void everyRowThatEndsHereIsAnsweredHere() {
        for (String path : List.of(
                "/health",
                "/actuator/health",
                "/actuator",
                "/v1/admin/keys",
                "/v1/admin/keys/none",
                "/api/whoami-v2")) {
            String body = get(path).body();
            assertThat(body).as(path).doesNotContain("Unknown request URL").isNotEmpty();
        }
    }

    @Test
    void anUnknownRouteIsDeniedToEverybody() {
        REGISTRY.calls();
        for (String path : List.of("/", "/v1/embeddings", "/error", "/console", "/lab/a/blob/main/x", "/actuatorx")) {
            for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH")) {
                int anonymous = send(HttpRequest.newBuilder(uri(path))
                                .method(method, BodyPublishers.noBody())
                                .build())
                        .statusCode();
                int admin = send(asAdmin(path)
                                .method(method, BodyPublishers.noBody())
                                .build())
                        .statusCode();
                assertThat(anonymous).as(method + " " + path).isEqualTo(401);
                assertThat(admin).as(method + " " + path).isEqualTo(404);
            }
        }
        assertThat(REGISTRY.calls()).isZero();
    }

    private static Stream<String> calls(RequestMappingInfo mapping) {
        Set<String> paths = mapping.getPathPatternsCondition() == null
                ? Set.of()
                : mapping.getPathPatternsCondition().getPatternValues();
        Set<String> methods = mapping.getMethodsCondition().getMethods().stream()
                .map(Enum::name)
                .collect(Collectors.toSet());
        return paths.stream()
                .map(path -> path.replaceAll("\\{[^}]*}", "x").replace("/**", "/x"))
                .flatMap(path ->
                        (methods.isEmpty() ? Set.of("GET") : methods).stream().map(method -> method + " " + path));
    }
}
