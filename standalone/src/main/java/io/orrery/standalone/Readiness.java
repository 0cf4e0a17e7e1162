package io.orrery.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks the gateway, as a client would, whether it can serve. */
final class Readiness {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Readiness() {}

    /** Returns once {@code GET /v1/models} answers 200, which takes a gateway, a registry and a live worker. */
    static void await(URI gateway, String key) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/v1/models"))
                .header("Authorization", "Bearer " + key)
                .timeout(Duration.ofSeconds(5))
                .build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "no answer";
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("interrupted while the services were starting", e);
        }
        throw new StandaloneException(
                "the platform did not come up within " + PATIENCE.toSeconds() + " s; the last answer was " + last);
    }
}
