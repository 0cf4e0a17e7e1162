package io.orrery.finetune.registry;

import io.orrery.hub.Upload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What goes into the repository of a result: the trained files, an adapter's with its base named, a card, and the lineage for programs. */
final class ResultFiles {
    static final String LINEAGE = "finetune.json";
    private static final String CARD = "README.md";
    private static final String ADAPTER = "adapter_config.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultFiles() {}

    static List<Upload> of(Publication publication) {
        List<Upload> uploads = new ArrayList<>();
        boolean isAdapter = Files.exists(publication.folder().resolve(ADAPTER));
        uploads.add(Upload.text(CARD, new ResultCard(publication, isAdapter).text()));
        uploads.add(Upload.text(LINEAGE, JSON.writeValueAsString(lineage(publication)) + "\n"));
        for (Path file : files(publication.folder())) {
            String name = publication.folder().relativize(file).toString().replace('\\', '/');
            if (name.equals(ADAPTER)) {
                uploads.add(Upload.text(name, adapterConfig(file, publication.lineage())));
            } else if (!name.equals(CARD) && !name.equals(LINEAGE)) {
                uploads.add(Upload.file(name, file));
            }
        }
        return uploads;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the result in " + folder + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /** The trainer knows its base as a folder of this machine; whoever loads the adapter needs the repository and its commit. */
    private static String adapterConfig(Path file, Publication.Lineage lineage) {
        JsonNode config = JSON.readTree(file);
        if (!(config instanceof ObjectNode object)) {
            throw new IllegalStateException(file + " is not a JSON object");
        }
        object.put("base_model_name_or_path", lineage.baseRepository());
        object.put("revision", lineage.baseCommit());
        return JSON.writeValueAsString(object) + "\n";
    }

    private static Map<String, Object> lineage(Publication publication) {
        Publication.Lineage lineage = publication.lineage();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", lineage.job());
        json.put("base_model", lineage.baseRepository());
        json.put("base_commit", lineage.baseCommit());
        json.put("training_sha256", lineage.trainingSha256());
        lineage.validationSha256().ifPresent(hash -> json.put("validation_sha256", hash));
        json.put("trained_tokens", lineage.trainedTokens());
        json.put("hyperparameters", lineage.hyperparameters());
        return json;
    }
}
