package io.orrery.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Asks the gateway, as a client would, whether it can serve. */
final class Readiness {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A question to each service behind the gateway; the first takes a live worker too. */
    private static final List<String> QUESTIONS =
            List.of("/v1/models", "/api/models?limit=1", "/v1/fine_tuning/jobs?limit=1");

    private Readiness() {}

    /** Returns once every service answers 200 through the gateway. */
    static void await(URI gateway, String key) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            for (String question : QUESTIONS) {
                HttpRequest request = HttpRequest.newBuilder(gateway.resolve(question))
                        .header("Authorization", "Bearer " + key)
                        .timeout(Duration.ofSeconds(5))
                        .build();
                await(client, request, deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("interrupted while the services were starting", e);
        }
    }

    private static void await(HttpClient client, HttpRequest request, long deadline) throws InterruptedException {
        String last = "no answer";
        while (System.nanoTime() < deadline) {
            try {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return;
                }
                last = "status " + response.statusCode() + ": " + response.body();
            } catch (IOException e) {
                last = e.toString();
            }
            Thread.sleep(50);
        }
        throw new StandaloneException("the platform did not come up within " + PATIENCE.toSeconds()
                + " s; the last answer of " + request.uri().getPath() + " was " + last);
    }
}
