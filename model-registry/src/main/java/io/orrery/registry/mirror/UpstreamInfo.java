package io.orrery.registry.mirror;

import io.orrery.registry.mirror.UpstreamException.Failure;
import io.orrery.registry.repository.MirroredRepos.Description;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A repository at a revision, as the other hub describes it.
 *
 * @param name as it is called there, in its case
 * @param json all of it
 */
record UpstreamInfo(String name, String sha, Description description, JsonNode json) {
    static UpstreamInfo of(JsonNode json, String askedFor) {
        String name = json.path("id").asString("");
        String sha = json.path("sha").asString("");
        if (!sha.matches("[0-9a-f]{40}") || !name.matches("[\\w.-]+(/[\\w.-]+)?")) {
            throw new UpstreamException(
                    Failure.BROKEN, "The upstream's description of " + askedFor + " lacks its id or its commit");
        }
        String gated = json.path("gated").asString("");
        Instant modified = instant(json, "lastModified").orElse(Instant.EPOCH);
        return new UpstreamInfo(
                name,
                sha,
                new Description(
                        json.path("private").asBoolean(false),
                        Optional.of(gated).filter(kind -> kind.equals("auto") || kind.equals("manual")),
                        instant(json, "createdAt").orElse(modified),
                        modified),
                json);
    }

    private static Optional<Instant> instant(JsonNode json, String key) {
        try {
            return Optional.of(Instant.parse(json.path(key).asString("")));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
