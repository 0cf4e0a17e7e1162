package io.orrery.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Walks every route that is mapped, and asks it as nobody and as somebody who may do everything but that. */
class RouteScopeTest extends RunningFinetune {
    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping routes;

    @Test
    void everyRouteNeedsItsScope() {
        int asked = 0;
        for (Map.Entry<RequestMappingInfo, HandlerMethod> route :
                routes.getHandlerMethods().entrySet()) {
            for (RequestMethod method : route.getKey().getMethodsCondition().getMethods()) {
                for (String pattern : route.getKey().getPatternValues()) {
                    if (!pattern.equals("/health")) {
                        checkScope(method, pattern.replace("{id}", "any"));
                        asked++;
                    }
                }
            }
        }
        assertThat(asked).isGreaterThan(11);
    }

    private void checkScope(RequestMethod method, String path) {
        Scope needed = method == RequestMethod.GET ? Scope.TUNE_READ : Scope.TUNE_WRITE;
        Scope[] others =
                Arrays.stream(Scope.values()).filter(scope -> scope != needed).toArray(Scope[]::new);
        String label = method + " " + path;
        assertThat(callAs("", method.name(), path, "application/json", "").statusCode())
                .as(label)
                .isEqualTo(401);
        assertThat(callAs(token(others), method.name(), path, "application/json", "")
                        .statusCode())
                .as(label)
                .isEqualTo(403);
        assertThat(callAs(token(needed), method.name(), path, "application/json", "")
                        .statusCode())
                .as(label)
                .isNotIn(401, 403);
    }

    @Test
    void healthIsOpenAndMetricsAreTheAdministrators() {
        for (String path : new String[] {"/health", "/actuator/health", "/actuator/health/readiness"}) {
            assertThat(callAs("", "GET", path, "application/json", "").statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(callAs(token(Scope.TUNE_READ), "GET", "/actuator/prometheus", "application/json", "")
                        .statusCode())
                .isEqualTo(403);
        String id = submit(upload("{\"text\":\"x\"}\n"), "");
        awaitStatus(id, "succeeded");
        assertThat(callAs(token(Scope.ADMIN), "GET", "/actuator/prometheus", "text/plain", "")
                        .body())
                .contains(
                        "orrery_finetune_jobs{state=\"queued\"}",
                        "orrery_finetune_queue_wait_seconds_count",
                        "orrery_finetune_steps_total",
                        "orrery_finetune_trained_tokens_total");
    }

    @Test
    void aTokenThatNamesNoProjectIsRefused() {
        String nobody = Tokens.of("service", "", Scope.TUNE_READ);
        assertThat(error(callAs(nobody, "GET", "/v1/files", "application/json", ""), 403)
                        .get("code")
                        .asString())
                .isEqualTo("no_project");
    }
}
