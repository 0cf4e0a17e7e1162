package io.orrery.cli.platform;

import io.orrery.api.openai.FileObject;
import io.orrery.hub.CountedBody;
import io.orrery.hub.Progress;
import io.orrery.hub.TimedBody;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests with a key, and answers as values or as sentences. Thread-safe. */
final class Wire implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** A model may have to be loaded, and a long answer written. */
    private static final Duration ANSWER = Duration.ofMinutes(30);

    private static final int REFUSAL_BYTES = 1 << 16;
    private static final long SLOWEST_UPLOAD = 64 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI address;
    private final String key;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    Wire(URI address, String key) {
        this.address = address;
        this.key = key;
    }

    <T> T get(String path, Class<T> type) {
        return get(path, JSON.constructType(type));
    }

    <T> T get(String path, TypeReference<T> type) {
        return get(path, JSON.constructType(type));
    }

    private <T> T get(String path, JavaType type) {
        return parse(path, send(request(path, ANSWER).GET().build()), type);
    }

    <T> T post(String path, Object body, Class<T> type) {
        return parse(path, send(posted(path, body)), JSON.constructType(type));
    }

    /** Posts with {@code stream: true} and hands on each event of the answer. */
    void stream(String path, Map<String, Object> body, Consumer<JsonNode> events) {
        Map<String, Object> streaming = new LinkedHashMap<>(body);
        streaming.put("stream", true);
        HttpResponse<InputStream> response = exchange(posted(path, streaming), TimedBody.handler(ANSWER));
        try (InputStream answer = response.body()) {
            if (response.statusCode() / 100 != 2) {
                throw refusal(
                        response.statusCode(), new String(answer.readNBytes(REFUSAL_BYTES), StandardCharsets.UTF_8));
            }
            ServerSentEvents.read(answer, data -> events.accept(event(path, data)));
        } catch (IOException e) {
            throw new PlatformException("the answer of " + address + path + " broke off: " + e.getMessage(), e);
        }
    }

    /** Posts, and hands on each line of the answer, which is JSON. */
    <T> void lines(String path, Object body, Class<T> type, Consumer<T> lines) {
        HttpResponse<InputStream> response = exchange(posted(path, body), TimedBody.handler(ANSWER));
        try (BufferedReader answer =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (response.statusCode() / 100 != 2) {
                throw refusal(response.statusCode(), String.valueOf(answer.readLine()));
            }
            for (String line = answer.readLine(); line != null; line = answer.readLine()) {
                lines.accept(parse(path, line, JSON.constructType(type)));
            }
        } catch (IOException e) {
            throw new PlatformException("the answer of " + address + path + " broke off: " + e.getMessage(), e);
        }
    }

    private JsonNode event(String path, String data) {
        JsonNode event = parse(path, data, JSON.constructType(JsonNode.class));
        if (event.has("error")) {
            throw new PlatformException(0, message(event));
        }
        return event;
    }

    /** A multipart form of one file and some fields. */
    FileObject upload(String path, Path file, Map<String, String> fields, Progress progress) {
        String boundary = "orrery-" + UUID.randomUUID();
        long size = size(file);
        BodyPublisher body = new CountedBody(
                BodyPublishers.concat(
                        BodyPublishers.ofString(head(boundary, file, fields)),
                        contents(file),
                        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")),
                sent -> progress.report(file.getFileName().toString(), Math.min(sent, size), size));
        HttpRequest request = request(path, ANSWER.plusSeconds(size / SLOWEST_UPLOAD))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(body)
                .build();
        return parse(path, send(request), JSON.constructType(FileObject.class));
    }

    private static String head(String boundary, Path file, Map<String, String> fields) {
        StringBuilder head = new StringBuilder();
        fields.forEach((name, value) -> head.append("--" + boundary + "\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        String name = file.getFileName().toString().replace("\"", "%22");
        return head.append("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
                .append(name)
                .append("\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .toString();
    }

    private static BodyPublisher contents(Path file) {
        try {
            return BodyPublishers.ofFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest posted(String path, Object body) {
        return request(path, ANSWER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
    }

    private HttpRequest.Builder request(String path, Duration deadline) {
        return HttpRequest.newBuilder(URI.create(address + path))
                .timeout(deadline)
                .header("Authorization", "Bearer " + key);
    }

    private String send(HttpRequest request) {
        HttpResponse<String> response = exchange(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() / 100 != 2) {
            throw refusal(response.statusCode(), response.body());
        }
        return response.body();
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (ConnectException e) {
            throw new PlatformException(
                    "nobody answers at " + address + "; is the platform up? Start it with: orrery up", e);
        } catch (IOException e) {
            throw new PlatformException(
                    "the platform at " + address + " broke off " + request.method() + " "
                            + request.uri().getPath() + ": " + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted while waiting for " + address, e);
        }
    }

    private PlatformException refusal(int status, String body) {
        String said;
        try {
            said = message(JSON.readTree(body));
        } catch (JacksonException e) {
            said = body.isBlank() ? "status " + status : body.strip();
        }
        return new PlatformException(
                status, status == 401 ? said + " (log in with: orrery login --url " + address + " --token KEY)" : said);
    }

    /** OpenAI's error object, or the Hub's plain text under the same name. */
    private static String message(JsonNode body) {
        JsonNode error = body.path("error");
        String text =
                error.isString() ? error.asString() : error.path("message").asString("");
        String param = error.path("param").asString("");
        return text.isEmpty() ? body.toString() : param.isEmpty() || text.contains(param) ? text : param + ": " + text;
    }

    private <T> T parse(String path, String body, JavaType type) {
        try {
            return JSON.readValue(body, type);
        } catch (JacksonException e) {
            throw new PlatformException(
                    address + path + " answered something unexpected (" + e.getOriginalMessage()
                            + "); is this address a platform?",
                    e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
