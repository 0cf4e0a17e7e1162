package io.orrery.registry.oci;

import io.orrery.registry.oci.MadeContents.Document;
import io.orrery.registry.oci.MadeContents.FileLayer;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** A revision as an OCI artifact: each file a layer as it is, called by its path, which is how {@code oras} and CRI-O lay files down. */
record FilesImage(JsonMapper json, Repo repo, Commit commit, SortedMap<String, FileLayer> layers) {
    private static final String ARTIFACT = "application/vnd.orrery.repository.v1";
    private static final String EMPTY = "application/vnd.oci.empty.v1+json";
    private static final String TITLE = "org.opencontainers.image.title";
    /** Registries and their clients take manifests of 4 MiB. */
    private static final int MOST_FILES = 10_000;

    static void requireFew(Repo repo, int files) {
        if (files > MOST_FILES) {
            throw HubProblem.badRequest(repo.name() + " has " + files + " files, but a manifest names at most "
                    + MOST_FILES + "; download it with hf or orrery");
        }
        if (files == 0) {
            throw HubProblem.badRequest(repo.name() + " has no files at this revision");
        }
    }

    MadeContents.Made made() {
        Document config = Document.of(EMPTY, "{}".getBytes(StandardCharsets.UTF_8));
        List<Manifest.Layer> named = layers.values().stream()
                .map(file -> new Manifest.Layer(
                        "application/octet-stream",
                        Manifest.digest(file.sha256()),
                        file.size(),
                        Map.of(TITLE, file.path())))
                .toList();
        TreeMap<String, String> annotations = new TreeMap<>(Map.of(
                "org.opencontainers.image.created",
                commit.at().toString(),
                "org.opencontainers.image.revision",
                commit.oid(),
                TITLE,
                repo.name()));
        Manifest manifest = new Manifest(
                2,
                Manifest.OCI,
                ARTIFACT,
                Manifest.Layer.of(EMPTY, config.sha256(), config.content().length),
                named,
                annotations);
        return new MadeContents.Made(
                Document.of(Manifest.OCI, json.writeValueAsBytes(manifest)),
                List.of(config),
                List.copyOf(layers.values()));
    }
}
