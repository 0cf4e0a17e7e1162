package io.orrery.engine.checkpoint.hub;

import io.orrery.engine.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON files of foreign making: bounded in size, and an error names the file and the line. */
public final class JsonFile {
    private static final long MAX_BYTES = 64L << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFile() {}

    /** The file's value; empty where there is no such file. @throws CheckpointException for a file that is not JSON */
    public static Optional<JsonNode> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new CheckpointException(
                        file, "the file has " + size + " bytes, more than the " + MAX_BYTES + " that are read as JSON");
            }
            return Optional.of(JSON.readTree(Files.readAllBytes(file)));
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new CheckpointException(file, "the JSON breaks at line " + line + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(file, "the file cannot be read: " + e.getMessage(), e);
        }
    }

    /** The file's JSON object. @throws CheckpointException where the file is absent or holds anything else */
    public static JsonNode object(Path file) {
        JsonNode json = read(file).orElseThrow(() -> new CheckpointException(file, "there is no such file"));
        if (!json.isObject()) {
            throw new CheckpointException(file, "the file must hold a JSON object, not " + json.getNodeType());
        }
        return json;
    }
}
