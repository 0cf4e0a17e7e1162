package io.orrery.registry.mirror;

import io.orrery.registry.wire.HubHeaders;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What the other hub's history says of a commit. */
record UpstreamCommit(String title, String message, String author, Optional<Instant> at, int ancestors) {
    /** From a page of a history that begins with the commit. */
    static UpstreamCommit of(JsonNode page, HttpHeaders headers) {
        JsonNode commit = page.path(0);
        return new UpstreamCommit(
                commit.path("title").asString(""),
                commit.path("message").asString(""),
                commit.path("authors").path(0).path("user").asString(""),
                date(commit.path("date").asString("")),
                headers.firstValue(HubHeaders.TOTAL_COUNT)
                        .filter(count -> count.matches("[1-9]\\d{0,8}"))
                        .map(count -> Integer.parseInt(count) - 1)
                        .orElse(0));
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
