package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import tools.jackson.databind.JsonNode;

/** Large contents by git-lfs, whole and in parts, as the Hub's clients send them. */
class LfsTest extends RunningRegistry {
    private static final int MB = 1 << 20;
    private static final String PARTS = ",\"transfers\":[\"basic\",\"multipart\"]";

    private String repo = "";
    private byte[] content = {};
    private String oid = "";

    @BeforeEach
    void repository(TestInfo test) {
        repo = "large/" + test.getTestMethod().orElseThrow().getName();
        assertThat(call(
                                "POST",
                                "/api/repos/create",
                                "{\"name\":\"" + repo + "\",\"lfsmultipartthresh\":" + 5 * MB + "}")
                        .statusCode())
                .isEqualTo(200);
        content = new byte[17 * MB + 3];
        new Random(repo.hashCode()).nextBytes(content);
        oid = Sha256.of(content).hex();
    }

    @Test
    void aLargeContentComesInParts() throws Exception {
        JsonNode item = batch("upload", PARTS, oid, content.length).at("/objects/0");
        JsonNode header = item.at("/actions/upload/header");
        assertThat(header.path("chunk_size").asLong()).isEqualTo(5 * MB);
        List<String> numbers = List.of("00001", "00002", "00003", "00004");
        assertThat(header.propertyNames()).containsExactlyInAnyOrder("chunk_size", "00001", "00002", "00003", "00004");
        List<String> order = new ArrayList<>(numbers);
        Collections.reverse(order);
        order.add("00002");
        List<String> tags = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService clients = Executors.newFixedThreadPool(5)) {
            List<Future<?>> sent = new ArrayList<>();
            for (String number : numbers) {
                sent.add(clients.submit(() -> tags.add(header(part(header, number), "ETag"))));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
        assertThat(header(part(header, "00002"), "ETag"))
                .matches("\"[0-9a-f]+\"")
                .isIn(tags);
        String href = item.at("/actions/upload/href").asString();
        for (int times = 0; times < 2; times++) {
            HttpResponse<String> done = send("POST", href, completion(1, 2, 3, 4));
            assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        }
        assertThat(call(
                                "POST",
                                path(item.at("/actions/verify/href").asString()),
                                "{\"oid\":\"" + oid + "\",\"size\":" + content.length + "}")
                        .statusCode())
                .isEqualTo(200);
        commit("w.bin");
        HttpResponse<String> tail = get("/" + repo + "/resolve/main/w.bin", "Range", "bytes=0-0");
        assertThat(header(tail, "ETag")).isEqualTo("\"" + oid + "\"");
        assertThat(batch("upload", PARTS, oid, content.length).at("/objects/0").has("actions"))
                .isFalse();
        assertThat(part(header, "00001").statusCode()).isEqualTo(404);
    }

    @Test
    void whoCannotSendPartsSendsTheWhole() {
        JsonNode item = batch("upload", "", oid, content.length).at("/objects/0");
        assertThat(item.at("/actions/upload/header").isEmpty()).isTrue();
        assertThat(sendBytes(item.at("/actions/upload/href").asString(), content)
                        .statusCode())
                .isEqualTo(200);
        JsonNode small = batch("upload", PARTS, "1".repeat(64), 5 * MB);
        assertThat(small.path("transfer").asString()).isEqualTo("basic");
        assertThat(small.at("/objects/0/actions/upload/header").isEmpty()).isTrue();
    }

    @Test
    void whatIsWrongWithPartsIsSaid() {
        JsonNode upload = batch("upload", PARTS, oid, content.length).at("/objects/0/actions/upload");
        String href = upload.path("href").asString();
        assertThat(send("POST", href, completion(1, 2, 4)).body()).contains("4 parts, but part 3 is not named");
        assertThat(send("POST", href, "{}").body()).contains("4 parts, but part 1 is not named");
        assertThat(send("POST", href, completion(1, 2, 3, 4, 5)).body()).contains("but 5 are named");
        assertThat(send("POST", href, completion(1, 2, 3, 4)).body()).contains("No part of the object " + oid);
        assertThat(sendBytes(href, content).body()).contains("must name a part from 1 to 4");
        assertThat(sendBytes(href + "&part=5", content).body()).contains("must name a part from 1 to 4");
        assertThat(sendBytes(href + "&part=4", content).statusCode()).isEqualTo(422);
        part(upload.path("header"), "00001");
        HttpResponse<String> holes = send("POST", href, completion(1, 2, 3, 4));
        assertThat(holes.statusCode()).isEqualTo(422);
        assertThat(holes.body()).contains("nothing was stored");
        assertThat(call("POST", "/" + repo + ".git/info/lfs/objects/verify", "{\"oid\":\"" + oid + "\",\"size\":1}")
                        .statusCode())
                .isEqualTo(404);
        String whole = batch("upload", "", oid, content.length)
                .at("/objects/0/actions/upload/href")
                .asString();
        assertThat(send("POST", whole, completion(1)).body()).contains("This upload has no parts");
    }

    @Test
    void objectsThatAreNoneAreToldOneByOne() {
        JsonNode items =
                batch("upload", ",\"hash_algo\":\"sha_256\"", "A".repeat(64), 5).path("objects");
        assertThat(items.at("/0/error/code").asInt()).isEqualTo(422);
        assertThat(batch("upload", "", oid, -1).at("/objects/0/error/code").asInt())
                .isEqualTo(422);
        String many = IntStream.range(0, 1001)
                .mapToObj(i -> "{\"oid\":\"" + Sha256.of(new byte[i]).hex() + "\",\"size\":" + i + "}")
                .collect(Collectors.joining(","));
        String address = "/" + repo + ".git/info/lfs/objects/batch";
        assertThat(call("POST", address, "{\"operation\":\"upload\",\"objects\":[" + many + "]}")
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void gitLfsDownloadsWithTheAddressItIsGiven() {
        String reader = Tokens.of("bob", "other", Scope.MODELS_READ);
        String address = "/" + repo + ".git/info/lfs/objects/batch";
        String question =
                "{\"operation\":\"download\",\"objects\":[{\"oid\":\"" + oid + "\",\"size\":" + content.length + "}]}";
        JsonNode missing = json(callAs(reader, "POST", address, question));
        assertThat(missing.at("/objects/0/error/code").asInt()).isEqualTo(404);
        sendBytes(
                batch("upload", "", oid, content.length)
                        .at("/objects/0/actions/upload/href")
                        .asString(),
                content);
        JsonNode found = json(callAs(reader, "POST", address, question));
        String href = path(found.at("/objects/0/actions/download/href").asString());
        HttpResponse<String> part = callAs("", "GET", href, "", "Range", "bytes=-1");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(header(callAs("", "HEAD", href, ""), "Content-Length")).isEqualTo("" + content.length);
        assertThat(callAs("", "GET", href.replace(oid, "1".repeat(64)), "").statusCode())
                .isEqualTo(403);
        assertThat(callAs("", "PUT", href, "").statusCode()).isEqualTo(403);
        assertThat(callAs(reader, "POST", address, question.replace("download", "upload"))
                        .statusCode())
                .isEqualTo(403);
    }

    private JsonNode batch(String operation, String more, String sha256, long size) {
        HttpResponse<String> answer = call(
                "POST",
                "/" + repo + ".git/info/lfs/objects/batch",
                "{\"operation\":\"" + operation + "\"" + more + ",\"objects\":[{\"oid\":\"" + sha256 + "\",\"size\":"
                        + size + "}]}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("null");
        return json(answer);
    }

    private HttpResponse<String> part(JsonNode header, String number) {
        int from = (Integer.parseInt(number) - 1) * 5 * MB;
        return sendBytes(
                header.path(number).asString(),
                Arrays.copyOfRange(content, from, Math.min(from + 5 * MB, content.length)));
    }

    private static String completion(int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> "{\"partNumber\":" + number + ",\"etag\":\"x\"}")
                .collect(Collectors.joining(",", "{\"oid\":\"any\",\"parts\":[", "]}"));
    }

    private void commit(String path) {
        assertThat(call(
                                "POST",
                                "/api/models/" + repo + "/commit/main",
                                "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n"
                                        + "{\"key\":\"lfsFile\",\"value\":{\"path\":\"" + path + "\",\"oid\":\"" + oid
                                        + "\"}}")
                        .statusCode())
                .isEqualTo(200);
    }

    private String path(String href) {
        return href.substring(url("").length());
    }

    private HttpResponse<String> send(String method, String href, String body) {
        return callAs("", method, path(href), body);
    }

    private static HttpResponse<String> sendBytes(String href, byte[] body) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(href))
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
