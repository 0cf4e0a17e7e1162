package io.orrery.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.gateway.RunningGateway;
import io.orrery.gateway.stub.StubService;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** How clients of container registries get in. */
class ImageTokenTest extends RunningGateway {
    private HttpResponse<String> anonymously(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private HttpResponse<String> ask(String path, String authorization) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Authorization", authorization)
                .build());
    }

    private static String basic(String password) {
        return "Basic " + Base64.getEncoder().encodeToString(("me:" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whoComesWithoutAnythingIsToldWhereATokenIs() {
        HttpResponse<String> answer = anonymously("/v2/");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"" + uri("/v2/token") + "\",service=\"orrery\"");
    }

    @Test
    void whoHasNoKeyGetsATokenOfNobody() {
        String token =
                JSON.readTree(anonymously("/v2/token").body()).get("token").asString();
        assertThat(ask("/v2/", "Bearer " + token).statusCode()).isEqualTo(200);
        REGISTRY.answering(exchange -> StubService.answer(exchange, 200, "text/plain", "an image"));
        assertThat(ask("/v2/lab/a/manifests/latest", "Bearer " + token).body()).isEqualTo("an image");
        assertThat(ask("/api/models/lab/a", "Bearer " + token).statusCode())
                .as("it is good for nothing else")
                .isEqualTo(401);
    }

    @Test
    void aWrongPasswordIsRefusedInTheBodyThatTheseClientsRead() {
        HttpResponse<String> answer = ask("/v2/token", basic("hf_wrongSECRETsecretSECRETsecretSECRET12"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(answer.body()).at("/errors/0/code").asString()).isEqualTo("UNAUTHORIZED");
        assertThat(ask("/v2/token", "Basic !!!").statusCode()).isEqualTo(401);
    }
}
