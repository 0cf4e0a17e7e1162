package io.orrery.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.Headers;
import io.orrery.gateway.RunningGateway;
import io.orrery.gateway.stub.StubService;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a service sees of a call, and a client of its answer. */
class PassageTest extends RunningGateway {
    private final AtomicReference<Headers> seen = new AtomicReference<>();
    private final AtomicReference<String> seenAddress = new AtomicReference<>();

    private void recordCalls() {
        REGISTRY.answering(exchange -> {
            seen.set(exchange.getRequestHeaders());
            seenAddress.set(exchange.getRequestURI().toString());
            StubService.answer(exchange, 200, "application/json", "{}");
        });
    }

    @Test
    void theServiceGetsAShortLivedTokenInsteadOfTheKey() throws Exception {
        recordCalls();
        JsonNode key = newKey("models:read", "inference");
        String secret = key.get("key").asString();

        send(HttpRequest.newBuilder(uri("/api/models/lab/a"))
                .header("Authorization", "Bearer " + secret)
                .header("x-api-key", secret)
                .build());

        assertThat(seen.get().values().toString()).doesNotContain(secret);
        assertThat(seen.get().containsKey("x-api-key")).isFalse();
        SignedJWT token = SignedJWT.parse(seen.get().getFirst("Authorization").substring("Bearer ".length()));
        assertThat(token.verify(new MACVerifier(SECRET.getBytes(StandardCharsets.UTF_8))))
                .isTrue();
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo(key.get("id").asString());
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("gateway");
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("orrery");
        assertThat(token.getJWTClaimsSet().getClaim("scope")).isEqualTo("inference models:read");
        assertThat(token.getJWTClaimsSet().getClaim("project")).isEqualTo("physics");
        assertThat(token.getJWTClaimsSet().getClaim("name")).isEqualTo("test");
        assertThat(token.getJWTClaimsSet().getExpirationTime().toInstant())
                .isBetween(Instant.now().plusSeconds(60), Instant.now().plusSeconds(301));
    }

    @Test
    void theServiceLearnsWhatAddressTheClientUsedAndNothingTheClientMadeUp() {
        recordCalls();

        send(asAdmin("/api/models/lab/a")
                .header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-For", "1.2.3.4")
                .header("X-Forwarded-Prefix", "/evil")
                .header("Forwarded", "host=evil.example")
                .build());

        assertThat(seen.get().get("X-Forwarded-Host")).containsExactly("localhost:" + port);
        assertThat(seen.get().get("X-Forwarded-Port")).containsExactly("" + port);
        assertThat(seen.get().get("X-Forwarded-Proto")).containsExactly("http");
        assertThat(seen.get().get("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(seen.get().containsKey("X-Forwarded-Prefix")).isFalse();
        assertThat(seen.get().containsKey("Forwarded")).isFalse();
    }

    @Test
    void headersOfOneHopStayAndTheOthersPass() throws IOException {
        recordCalls();

        String answer = rawly("GET /api/models/lab/a HTTP/1.1\r\nHost: localhost:" + port + "\r\nAuthorization: Bearer "
                + ADMIN_KEY
                + "\r\nConnection: close, X-Secret-Hop\r\nX-Secret-Hop: 1\r\nTE: trailers\r\nKeep-Alive: 5\r\n"
                + "Proxy-Authorization: Basic x\r\nUser-Agent: tests/1\r\nX-Custom: a\r\nX-Custom: b\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(seen.get().keySet())
                .doesNotContain("X-secret-hop", "Te", "Keep-alive", "Proxy-authorization")
                .contains("User-agent");
        assertThat(seen.get().get("User-agent")).containsExactly("tests/1");
        assertThat(seen.get().get("X-custom")).containsExactly("a", "b");
    }

    @Test
    void theRequestsIdGoesWithItAndComesBack() {
        recordCalls();
        HttpResponse<String> own =
                send(asAdmin("/api/models/a").header("X-Request-Id", "my-id-7").build());
        assertThat(seen.get().getFirst("X-Request-Id")).isEqualTo("my-id-7");
        assertThat(own.headers().allValues("X-Request-Id")).containsExactly("my-id-7");

        HttpResponse<String> hub = send(
                asAdmin("/api/models/a").header("X-Amzn-Trace-Id", "trace-9").build());
        assertThat(hub.headers().firstValue("X-Request-Id")).contains("trace-9");

        HttpResponse<String> made = send(
                asAdmin("/api/models/a").header("X-Request-Id", "no good id").build());
        assertThat(made.headers().firstValue("X-Request-Id").orElseThrow()).matches("req_[0-9a-f]{32}");
        assertThat(seen.get().getFirst("X-Request-Id"))
                .isEqualTo(made.headers().firstValue("X-Request-Id").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/models/lab/a/tree/feature%2Fx/sub%2Fdir?recursive=True&expand=false",
                "/lab/a/resolve/refs%2Fpr%2F1/d%C3%A9j%C3%A0%20vu/100%25/a+b&c;d=e@1~'()!.txt",
                "/datasets/lab/a/resolve/main/x%5B1%5D%7C.bin?download=true",
                "/api/models?expand%5B%5D=a&cursor=abc%2B/=?",
            })
    void addressesArriveAsTheyWereSent(String address) throws IOException {
        recordCalls();

        String answer = rawly("GET " + address + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ADMIN_KEY
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(seenAddress.get()).isEqualTo(address);
    }

    @Test
    void whatOnlySomeClientsDareToSendRawArrivesEncoded() throws IOException {
        recordCalls();

        String answer = rawly("GET /lab/a/resolve/main/[x]{y}|^`\"<>.txt?expand[]=a HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer " + ADMIN_KEY + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(seenAddress.get())
                .isEqualTo("/lab/a/resolve/main/%5Bx%5D%7By%7D%7C%5E%60%22%3C%3E.txt?expand%5B%5D=a");
    }

    @Test
    void aHeadAnswersTheLengthWithoutTheBody() {
        REGISTRY.answering(exchange -> {
            exchange.getResponseHeaders().set("Content-Length", "5368709120");
            exchange.getResponseHeaders().set("ETag", "\"abc\"");
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            exchange.getResponseHeaders().set("X-Repo-Commit", "a".repeat(40));
            exchange.getResponseHeaders().set("X-Method", exchange.getRequestMethod());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });

        HttpResponse<String> answer =
                send(asAdmin("/lab/a/resolve/main/w.bin").HEAD().build());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Method")).contains("HEAD");
        assertThat(answer.headers().firstValue("Content-Length")).contains("5368709120");
        assertThat(answer.headers().firstValue("ETag")).contains("\"abc\"");
        assertThat(answer.headers().firstValue("X-Repo-Commit")).contains("a".repeat(40));
    }

    @Test
    void rangesPass() {
        REGISTRY.answering(exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 2-4/10");
            exchange.getResponseHeaders()
                    .set("X-Asked", exchange.getRequestHeaders().getFirst("Range"));
            StubService.answer(exchange, 206, "application/octet-stream", "cde");
        });

        HttpResponse<String> answer = send(asAdmin("/lab/a/resolve/main/w.bin")
                .header("Range", "bytes=2-4")
                .build());

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.headers().firstValue("X-Asked")).contains("bytes=2-4");
        assertThat(answer.headers().firstValue("Content-Range")).contains("bytes 2-4/10");
        assertThat(answer.headers().firstValue("Content-Length")).contains("3");
        assertThat(answer.body()).isEqualTo("cde");
    }

    @Test
    void notModifiedAndRedirectsAndErrorsPassUntouched() {
        REGISTRY.answering(exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"e\"");
            exchange.sendResponseHeaders(304, -1);
            exchange.close();
        });
        HttpResponse<String> notModified = send(asAdmin("/lab/a/resolve/main/x")
                .header("If-None-Match", "\"e\"")
                .build());
        assertThat(notModified.statusCode()).isEqualTo(304);
        assertThat(notModified.headers().firstValue("ETag")).contains("\"e\"");

        REGISTRY.answering(exchange -> {
            exchange.getResponseHeaders().set("Location", "/openai-community/gpt2/resolve/main/x");
            StubService.answer(exchange, 307, "text/plain", "moved");
        });
        HttpResponse<String> redirect = get("/gpt2/resolve/main/x");
        assertThat(redirect.statusCode()).isEqualTo(307);
        assertThat(redirect.headers().firstValue("Location")).contains("/openai-community/gpt2/resolve/main/x");

        REGISTRY.answering(exchange -> {
            exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
            exchange.getResponseHeaders().set("X-Error-Message", "Entry not found");
            StubService.answer(exchange, 404, "application/json", "{\"error\":\"Entry not found\"}");
        });
        HttpResponse<String> missing = get("/lab/a/resolve/main/x");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("X-Error-Code")).contains("EntryNotFound");
        assertThat(missing.body()).isEqualTo("{\"error\":\"Entry not found\"}");
    }

    @Test
    void theGatewayAddsNoHeaderButTheRequestsId() throws IOException {
        REGISTRY.answering(exchange -> {
            exchange.getResponseHeaders().add("Link", "<a>; rel=\"next\"");
            exchange.getResponseHeaders().add("Link", "<b>; rel=\"prev\"");
            StubService.answer(exchange, 200, "application/vnd.git-lfs+json", "{}");
        });

        HttpResponse<String> answer = get("/api/models");

        assertThat(answer.headers().map().keySet().stream()
                        .map(String::toLowerCase)
                        .sorted())
                .containsExactly("content-length", "content-type", "date", "link", "x-request-id");
        assertThat(answer.headers().allValues("Link")).isEqualTo(List.of("<a>; rel=\"next\"", "<b>; rel=\"prev\""));
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.git-lfs+json");
    }

    @Test
    void compressedBytesStayCompressed() throws Exception {
        byte[] bytes = {31, (byte) 139, 8, 0, 1, 2, 3};
        REGISTRY.answering(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.getResponseHeaders()
                    .set("X-Accept", exchange.getRequestHeaders().getFirst("Accept-Encoding"));
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });

        HttpResponse<byte[]> answer = HTTP.send(
                asAdmin("/api/models").header("Accept-Encoding", "gzip, br").build(), BodyHandlers.ofByteArray());

        assertThat(answer.body()).isEqualTo(bytes);
        assertThat(answer.headers().firstValue("X-Accept")).contains("gzip, br");
    }

    @Test
    void formsAndBodiesOfDeletesPassUnread() {
        AtomicReference<String> body = new AtomicReference<>();
        REGISTRY.answering(exchange -> {
            body.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            StubService.answer(
                    exchange,
                    200,
                    "application/json",
                    exchange.getRequestHeaders().getFirst("Content-Type"));
        });

        HttpResponse<String> form = send(asAdmin("/api/models/lab/a/paths-info/main")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("paths=a&paths=b%20c&expand=false"))
                .build());
        assertThat(body.get()).isEqualTo("paths=a&paths=b%20c&expand=false");
        assertThat(form.body()).isEqualTo("application/x-www-form-urlencoded");

        send(asAdmin("/api/repos/delete")
                .method("DELETE", BodyPublishers.ofString("{\"name\":\"a\"}"))
                .build());
        assertThat(body.get()).isEqualTo("{\"name\":\"a\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/lab/a/resolve/main/%zz", "/lab/a/resolve/main/\u0001", "no-slash"})
    void whatTomcatRefusesHasTheWiresBodyToo(String address) throws IOException {
        String answer = rawly("GET " + address + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("X-Error-Message: ", "{\"error\":\"The server refused");
        assertThat(answer).doesNotContain("<html");
    }

    private String rawly(String request) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
