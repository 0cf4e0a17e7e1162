package io.orrery.registry.oci;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.orrery.registry.blob.Sha256;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What belongs together. The order of its fields is fixed: its digest is that of its text.
 *
 * @param artifactType only of what no container is made of
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"schemaVersion", "mediaType", "artifactType", "config", "layers", "annotations"})
record Manifest(
        int schemaVersion,
        String mediaType,
        @Nullable String artifactType,
        Layer config,
        List<Layer> layers,
        @Nullable Map<String, String> annotations) {
    /** Docker's image manifest, version 2, schema 2: the only one that Ollama asks for. */
    static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
    /** OCI image specification 1.1. */
    static final String OCI = "application/vnd.oci.image.manifest.v1+json";
    /** A list of manifests, of the same specification. */
    static final String INDEX = "application/vnd.oci.image.index.v1+json";

    Manifest {
        layers = List.copyOf(layers);
    }

    /** A content and what it is for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({"mediaType", "digest", "size", "annotations"})
    record Layer(
            String mediaType,
            String digest,
            long size,
            @Nullable Map<String, String> annotations) {
        static Layer of(String mediaType, Sha256 sha256, long size) {
            return new Layer(mediaType, Manifest.digest(sha256), size, null);
        }
    }

    static String digest(Sha256 sha256) {
        return "sha256:" + sha256.hex();
    }
}
