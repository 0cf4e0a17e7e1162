package io.orrery.engine.checkpoint.hub;

import io.orrery.engine.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What lies in a folder, for the sentence that says what is missing. */
record FolderListing(List<String> files) {
    private static final int SHOWN = 20;

    static FolderListing of(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return new FolderListing(files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList());
        } catch (IOException e) {
            throw new CheckpointException(folder, "the folder cannot be listed: " + e.getMessage(), e);
        }
    }

    /** @param wanted the names that weights may have */
    String withoutWeights(List<String> wanted) {
        return "there is none of " + String.join(", ", wanted) + "; " + advice() + "the folder has " + shown();
    }

    /** Files whose names end so. */
    List<String> ending(String suffix) {
        return files.stream().filter(file -> file.endsWith(suffix)).toList();
    }

    private String advice() {
        return ending(".gguf").stream()
                .findFirst()
                .map(file -> "give the path of " + file + " itself to read it; ")
                .orElse("");
    }

    private String shown() {
        if (files.isEmpty()) {
            return "no files";
        }
        String first = String.join(", ", files.stream().limit(SHOWN).toList());
        return files.size() <= SHOWN ? first : first + " and " + (files.size() - SHOWN) + " more";
    }
}
