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

    String withoutWeights() {
        return "there is neither model.safetensors nor model.safetensors.index.json; " + advice() + "the folder has "
                + shown();
    }

    private String advice() {
        for (String file : files) {
            if (file.startsWith("pytorch_model") && file.contains(".bin")) {
                return file + " is a pickle, which is not readable yet: save the model as safetensors; ";
            }
            if (file.endsWith(".gguf")) {
                return "give the path of " + file + " itself to read it; ";
            }
        }
        return "";
    }

    private String shown() {
        if (files.isEmpty()) {
            return "no files";
        }
        String first = String.join(", ", files.stream().limit(SHOWN).toList());
        return files.size() <= SHOWN ? first : first + " and " + (files.size() - SHOWN) + " more";
    }
}
