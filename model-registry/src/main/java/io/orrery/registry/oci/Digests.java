package io.orrery.registry.oci;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;

/** Names of contents as container registries write them. */
final class Digests {
    private static final String PREFIX = "sha256:";

    private Digests() {}

    /** What the last segment of an address names. */
    static String reference(HubCall call) {
        return call.rest().stream()
                .findFirst()
                .orElseThrow(() -> HubProblem.of(404, "The address lacks a tag or a digest"));
    }

    /** Ollama asked for {@code sha256-...} once, and may again. */
    static Sha256 parse(String text) {
        String hex = text.startsWith(PREFIX) || text.startsWith("sha256-") ? text.substring(PREFIX.length()) : "";
        if (!Sha256.isHex(hex)) {
            throw HubProblem.badRequest("A digest is 'sha256:' and 64 hex digits, but '" + text + "' is not");
        }
        return new Sha256(hex);
    }
}
