package io.orrery.engine.tokenizer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Cases computed with Hugging Face's stack, where the machine has them. */
final class Golden {
    private static final Path FOLDER = Path.of("../../shared/golden");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Golden() {}

    /** Folders of cases whose names begin so; the calling test is skipped where there are none. */
    static List<Path> cases(String prefix) {
        assumeTrue(
                Files.isDirectory(FOLDER),
                "no golden cases at " + FOLDER.toAbsolutePath().normalize());
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static JsonNode json(Path folder) {
        return JSON.readTree(folder.resolve("golden.json"));
    }

    static int[] ids(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::intValue).toArray();
    }
}
