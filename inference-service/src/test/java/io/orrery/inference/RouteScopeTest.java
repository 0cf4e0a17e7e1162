package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Walks every route that is mapped, and asks it as nobody and as somebody who may do everything but that. */
class RouteScopeTest extends RunningInference {
    private static final Set<String> OPEN = Set.of("/health");
    /** Where the container sends what it refused; as a request of its own it is no route. */
    private static final String ERROR = "/error";

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping controllers;

    @Test
    void everyRouteIsOpenOnPurposeOrNeedsItsScope() {
        Set<String> patterns = new TreeSet<>();
        controllers.getHandlerMethods().keySet().forEach(mapping -> patterns.addAll(mapping.getPatternValues()));
        assertThat(patterns).contains("/health", "/v1/models", "/v1/chat/completions", "/v1/completions");
        Scope[] others = Arrays.stream(Scope.values())
                .filter(scope -> scope != Scope.INFERENCE)
                .toArray(Scope[]::new);
        for (String pattern : patterns) {
            String path = pattern.replace("{*id}", "lab/tiny");
            for (String method : new String[] {"GET", "POST"}) {
                if (OPEN.contains(pattern) || pattern.equals(ERROR)) {
                    continue;
                }
                assertThat(status("", method, path)).as(method + " " + path).isEqualTo(401);
                assertThat(status(Tokens.of("lab", others), method, path))
                        .as(method + " " + path)
                        .isEqualTo(403);
            }
        }
        assertThat(status(Tokens.of("lab", Scope.values()), "GET", ERROR)).isEqualTo(404);
        assertThat(status("", "GET", ERROR)).isEqualTo(401);
        OPEN.forEach(path -> assertThat(status("", "GET", path)).isEqualTo(200));
    }

    @Test
    void anUnknownCallerGetsOpenAisErrorObject() {
        var answer = send(request("nonsense", "/v1/models").build());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(answer.body()).at("/error/code").asString()).isEqualTo("invalid_api_key");
        assertThat(status(Tokens.of("lab", Scope.values()), "GET", "/elsewhere"))
                .isEqualTo(404);
        assertThat(status(Tokens.of("lab", Scope.values()), "DELETE", "/v1/models"))
                .isEqualTo(405);
    }

    @Test
    void onlyAnAdministratorSeesMetrics() {
        answer("/v1/completions", "{'model':'lab/tiny','prompt':'x','max_tokens':4}");
        assertThat(status("", "GET", "/actuator/health/readiness")).isEqualTo(200);
        assertThat(status(Tokens.of("lab", Scope.INFERENCE), "GET", "/actuator/prometheus"))
                .isEqualTo(403);
        String metrics = send(request(Tokens.of("lab", Scope.ADMIN), "/actuator/prometheus")
                        .build())
                .body();
        assertThat(metrics)
                .contains("orrery_inference_generated_tokens_total{model=\"lab/tiny\"}")
                .contains("orrery_inference_time_to_first_token_seconds_count{model=\"lab/tiny\"}")
                .contains("orrery_inference_inter_token_seconds_count{model=\"lab/tiny\"}")
                .contains("orrery_inference_running 0.0")
                .contains("orrery_inference_memory_used ");
    }

    private int status(String token, String method, String path) {
        return send(request(token, path)
                        .method(method, BodyPublishers.ofString("{}"))
                        .build())
                .statusCode();
    }
}
