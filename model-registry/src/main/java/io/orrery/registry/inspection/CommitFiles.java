package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Finding;
import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.repository.GitBlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a commit that say something about it, as far as their contents are here.
 *
 * @param files by path
 * @param findings is told of texts that break
 */
record CommitFiles(SortedMap<String, GitBlob> files, Contents contents, JsonMapper json, Consumer<Finding> findings) {
    private static final int MAX_TEXT = 4 << 20;

    /** A file's text; empty also where it is too long to be read. */
    Optional<String> text(String path) {
        GitBlob blob = files.get(path);
        if (blob == null || blob.size() > MAX_TEXT || blob.sha256().isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<Content> content = contents.find(blob.sha256().get());
            return content.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new String(content.get().beginning(MAX_TEXT), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the content of " + path + " could not be read", e);
        }
    }

    Optional<JsonNode> object(String path) {
        Optional<String> text = text(path);
        return text.isEmpty() ? Optional.empty() : Optional.ofNullable(object(path, text.get()));
    }

    private @Nullable JsonNode object(String path, String text) {
        try {
            JsonNode tree = json.readTree(text);
            if (tree.isObject()) {
                return tree;
            }
            findings.accept(new Finding(path, path + " must be a JSON object"));
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            findings.accept(new Finding(path, path + " breaks at line " + line + ": " + e.getOriginalMessage()));
        }
        return null;
    }

    /** The folder of a path with its slash, or nothing. */
    static String folder(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /** A path without its folders. */
    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Files right in a folder, which is named with its slash. */
    Map<String, GitBlob> in(String folder) {
        SortedMap<String, GitBlob> below = files.tailMap(folder);
        Map<String, GitBlob> found = new LinkedHashMap<>();
        for (Map.Entry<String, GitBlob> file : below.entrySet()) {
            if (!file.getKey().startsWith(folder)) {
                break;
            }
            if (folder(file.getKey()).equals(folder)) {
                found.put(file.getKey(), file.getValue());
            }
        }
        return found;
    }
}
