package io.orrery.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
    @TempDir
    Path parent;

    private static void put(Path folder, String name) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFolderIsMadeAndReplacedWhole() {
        Path to = parent.resolve("model");
        AtomicFolder.write(to, part -> put(part, "first"));
        AtomicFolder.write(to, part -> put(part.resolve("deeper"), "second"));
        assertThat(to).isDirectoryNotContaining("glob:**first");
        assertThat(to.resolve("deeper/second")).exists();
        assertThat(parent).isDirectoryContaining("glob:**model");
        assertThat(parent.toFile().list()).containsExactly("model");
    }

    @Test
    void aFailureLeavesTheOldFolderAndNothingElse() {
        Path to = parent.resolve("model");
        put(to, "old");
        assertThatThrownBy(() -> AtomicFolder.write(to, part -> {
                    put(part, "half");
                    throw new IllegalStateException("out of tensors");
                }))
                .hasMessage("out of tensors");
        assertThat(to.resolve("old")).exists();
        assertThat(parent.toFile().list()).containsExactly("model");
    }

    @Test
    void whatACrashLeftIsPutBackOrCleared() {
        Path to = parent.resolve("model");
        put(parent.resolve(".model.old"), "old");
        put(parent.resolve(".model.part"), "half");
        assertThatThrownBy(() -> AtomicFolder.write(to, part -> {
                    assertThat(part).isEmptyDirectory();
                    throw new IllegalStateException("again");
                }))
                .hasMessage("again");
        assertThat(to.resolve("old")).exists();
        assertThat(parent.toFile().list()).containsExactly("model");
    }
}
