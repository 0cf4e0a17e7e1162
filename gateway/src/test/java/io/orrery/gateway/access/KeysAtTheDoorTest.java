package io.orrery.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.orrery.gateway.RunningGateway;
import io.orrery.gateway.stub.StubService;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import tools.jackson.databind.JsonNode;

/** Who gets in, and what the others are told on each wire. */
class KeysAtTheDoorTest extends RunningGateway {
    private static final String WRONG = "hf_wrongSECRETsecretSECRETsecretSECRET12";

    @Test
    void healthIsOpen() {
        HttpResponse<String> answer = anonymously("/health");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(anonymously("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }

    @Test
    void withoutAKeyOpenAiClientsGetTheirErrorObject() {
        HttpResponse<String> answer = anonymously("/v1/models");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode error = JSON.readTree(answer.body()).get("error");
        assertThat(error.propertyNames()).containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.get("code").asString()).isEqualTo("invalid_api_key");
        assertThat(error.get("type").asString()).isEqualTo("invalid_request_error");
        assertThat(error.get("param").isNull()).isTrue();
        assertThat(error.get("message").asString()).contains("No API key came with this request");
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
    }

    @Test
    void withoutAKeyHubClientsGetTheirBodyAndHeaders() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/api/models/lab/a/commit/main"))
                .POST(BodyPublishers.ofString("{}"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(answer.body()).get("error").asString()).contains("No API key came");
        assertThat(answer.headers().firstValue("X-Error-Code")).contains("RepoNotFound");
        assertThat(answer.headers().firstValue("X-Error-Message")).isPresent();
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void withoutAKeyTheHubIsAskedAsNobody() throws ParseException {
        AtomicReference<String> authorization = new AtomicReference<>();
        REGISTRY.answering(exchange -> {
            authorization.set(exchange.getRequestHeaders().getFirst("Authorization"));
            StubService.answer(exchange, 200, "text/plain", "registry");
        });
        for (String path : List.of(
                "/lab/a/resolve/main/config.json", "/api/models/lab/a", "/api/datasets", "/gpt2/raw/main/README.md")) {
            assertThat(anonymously(path).body()).as(path).isEqualTo("registry");
        }
        JWTClaimsSet claims = SignedJWT.parse(authorization.get().substring("Bearer ".length()))
                .getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("anonymous");
        assertThat(claims.getClaim("scope")).isEqualTo("models:read");
        assertThat(claims.getClaim("project")).isNull();
        assertThat(claims.getClaim("name")).isNull();

        for (String path :
                List.of("/api/whoami-v2", "/api/audit", "/api/other", "/api/models/lab/a/xet-write-token/main")) {
            assertThat(anonymously(path).statusCode()).as(path).isEqualTo(401);
        }
    }

    @Test
    void withoutAKeyNobodyReadsWhereThatIsSwitchedOff() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/models/lab/a");
        new Call("id", Routes.find("GET", "/api/models/lab/a")).attachTo(request);
        RequestAuthorizationContext context = new RequestAuthorizationContext(request);

        assertThat(new RouteAuthorization(new AnonymousProperties(false))
                        .authorize(() -> null, context)
                        .isGranted())
                .isFalse();
        assertThat(new RouteAuthorization(new AnonymousProperties(true))
                        .authorize(() -> null, context)
                        .isGranted())
                .isTrue();
    }

    @Test
    void withoutAKeyOurOwnRoutesAnswerAProblem() {
        HttpResponse<String> answer = anonymously("/v1/admin/keys");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.get("status").asInt()).isEqualTo(401);
        assertThat(problem.get("code").asString()).isEqualTo("invalid_api_key");
        assertThat(problem.get("detail").asString()).contains("No API key came");
    }

    @Test
    void aWrongKeyIsNamedByItsPrefixAlone() {
        HttpResponse<String> openAi = withKey("/v1/models", WRONG);
        assertThat(openAi.statusCode()).isEqualTo(401);
        assertThat(openAi.body()).contains("hf_wrong...").doesNotContain("SECRET");

        HttpResponse<String> hub = withKey("/api/models/lab/a", WRONG);
        assertThat(hub.statusCode()).isEqualTo(401);
        assertThat(hub.body()).contains("hf_wrong...").doesNotContain("SECRET");
        assertThat(hub.headers().firstValue("X-Error-Message")).contains("Invalid credentials in Authorization header");
        assertThat(hub.headers().firstValue("X-Error-Code")).isEmpty();

        assertThat(withKey("/v1/models", "password").body()).doesNotContain("password");
    }

    @Test
    void xApiKeyIsAsGoodAsBearer() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/api/whoami-v2"))
                .header("x-api-key", ADMIN_KEY)
                .build());

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void aKeyInTheQueryIsNone() {
        assertThat(anonymously("/api/whoami-v2?api_key=" + ADMIN_KEY + "&access_token=" + ADMIN_KEY + "&key="
                                + ADMIN_KEY + "&token=" + ADMIN_KEY)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aScopeThatIsMissingIsNamed() {
        String key = newKey("models:read", "tune:read").get("key").asString();

        HttpResponse<String> openAi = send(HttpRequest.newBuilder(uri("/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString(chat("lab/a")))
                .build());
        assertThat(openAi.statusCode()).isEqualTo(403);
        JsonNode error = JSON.readTree(openAi.body()).get("error");
        assertThat(error.get("code").asString()).isEqualTo("insufficient_scope");
        assertThat(error.get("message").asString())
                .contains(key.substring(0, 8) + "...", "inference", "POST /v1/chat/completions")
                .doesNotContain(key);

        HttpResponse<String> hub = send(HttpRequest.newBuilder(uri("/api/models/lab/a/commit/main"))
                .header("Authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString("{}"))
                .build());
        assertThat(hub.statusCode()).isEqualTo(403);
        assertThat(hub.headers().firstValue("X-Error-Message").orElseThrow()).startsWith("Forbidden: the key");
        assertThat(hub.headers().firstValue("X-Error-Code")).isEmpty();

        assertThat(withKey("/v1/admin/keys", key).statusCode()).isEqualTo(403);
        assertThat(withKey("/actuator/prometheus", key).statusCode()).isEqualTo(403);
        assertThat(withKey("/v1/files", key).statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreTheAdministratorsAlone() {
        assertThat(anonymously("/actuator/prometheus").statusCode()).isEqualTo(401);
        get("/v1/files");
        assertThat(get("/actuator/prometheus").body())
                .contains(
                        "orrery_gateway_calls_seconds_count",
                        "resilience4j_circuitbreaker_state",
                        "orrery_gateway_workers");
    }

    @Test
    void anUnknownAddressAndAWrongMethodAreTold() {
        HttpResponse<String> unknown = post("/v1/embeddings", "{}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(unknown.body()).get("error").get("code").asString())
                .isEqualTo("unknown_url");

        HttpResponse<String> wrong = get("/v1/chat/completions");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.body()).contains("this path answers POST");

        HttpResponse<String> hub = get("/api");
        assertThat(hub.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(hub.body()).has("error")).isTrue();
    }

    @Test
    void aRevokedKeyStopsAtOnceAndAnExpiredOneWhenItsTimeIsOver() throws InterruptedException {
        JsonNode key = newKey("models:read");
        String secret = key.get("key").asString();
        assertThat(withKey("/api/whoami-v2", secret).statusCode()).isEqualTo(200);
        send(asAdmin("/v1/admin/keys/" + key.get("id").asString()).DELETE().build());
        HttpResponse<String> revoked = withKey("/v1/models", secret);
        assertThat(revoked.statusCode()).isEqualTo(401);
        assertThat(revoked.body()).contains("was revoked at");

        long end = Instant.now().getEpochSecond() + 2;
        String brief = JSON.readTree(
                        post("/v1/admin/keys", JSON.writeValueAsString(Map.of("name", "brief", "expires_at", end)))
                                .body())
                .get("key")
                .asString();
        assertThat(withKey("/api/whoami-v2", brief).statusCode()).isEqualTo(200);
        await("the key to expire", () -> Instant.now().getEpochSecond() >= end);
        HttpResponse<String> expired = withKey("/v1/models", brief);
        assertThat(expired.statusCode()).isEqualTo(401);
        assertThat(expired.body()).contains("expired at");
    }

    @Test
    void whoamiHasWhatHubClientsRead() {
        JsonNode me = JSON.readTree(
                withKey("/api/whoami-v2", newKey("models:read").get("key").asString())
                        .body());

        assertThat(me.get("type").asString()).isEqualTo("user");
        assertThat(me.get("name").asString()).isEqualTo("physics");
        assertThat(me.get("orgs").isArray()).isTrue();
        assertThat(me.get("billingMode").asString()).isEqualTo("prepaid");
        for (String key : new String[] {"email", "emailVerified", "isPro", "canPay", "periodEnd", "avatarUrl"}) {
            assertThat(me.has(key)).as(key).isTrue();
        }
        assertThat(me.at("/auth/type").asString()).isEqualTo("access_token");
        assertThat(me.at("/auth/accessToken/createdAt").asString())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z");
        assertThat(me.at("/auth/accessToken/displayName").asString()).isEqualTo("test");
        assertThat(me.at("/auth/accessToken/role").asString()).isEqualTo("read");
        assertThat(JSON.readTree(get("/api/whoami-v2").body())
                        .at("/auth/accessToken/role")
                        .asString())
                .isEqualTo("write");
    }

    @Test
    void aSignedUploadNeedsNoKeyAndAStaleOneDoesNoHarm() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/lfs/objects/abc?token=t"))
                .header("Authorization", "Bearer " + WRONG)
                .PUT(BodyPublishers.ofString("content"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("registry");
    }

    @Test
    void traversalIsRefusedInTheWiresOwnBody() {
        HttpResponse<String> answer = get("/lab/a/resolve/main/%2e%2e/x");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).get("error").asString()).contains("This address is not accepted");
    }

    private HttpResponse<String> anonymously(String pathAndQuery) {
        return send(HttpRequest.newBuilder(uri(pathAndQuery)).build());
    }

    private HttpResponse<String> withKey(String pathAndQuery, String key) {
        return send(HttpRequest.newBuilder(uri(pathAndQuery))
                .header("Authorization", "Bearer " + key)
                .build());
    }
}
