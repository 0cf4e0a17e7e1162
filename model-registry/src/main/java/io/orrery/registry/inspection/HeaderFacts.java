package io.orrery.registry.inspection;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the header of a content and nothing else of it. */
final class HeaderFacts {
    private static final JsonMapper JSON = JsonMapper.shared();

    private HeaderFacts() {}

    static ContentFacts read(Path file, ContentFormat format) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            long length = Long.reverseBytes(in.readLong());
            if (length < 2 || length > 100_000_000 || length > Files.size(file) - 8) {
                throw new BrokenHeaderException("bad header length " + length, null);
            }
            Map<String, Long> parameters = new TreeMap<>();
            for (Map.Entry<String, JsonNode> tensor :
                    JSON.readTree(in.readNBytes((int) length)).properties()) {
                if (!tensor.getKey().equals("__metadata__")) {
                    long count = tensor.getValue()
                            .path("shape")
                            .valueStream()
                            .mapToLong(JsonNode::asLong)
                            .reduce(1, (a, b) -> a * b);
                    parameters.merge(tensor.getValue().path("dtype").asString(), count, Long::sum);
                }
            }
            return new ContentFacts(parameters, null, null, null);
        } catch (JacksonException e) {
            throw new BrokenHeaderException("bad header json", e);
        }
    }
}
