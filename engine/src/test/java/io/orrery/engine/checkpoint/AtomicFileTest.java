package io.orrery.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsMadeWithItsFolderAndReplaced() throws IOException {
        Path file = folder.resolve("new/file");
        write(file, "first, longer");
        write(file, "second");
        assertThat(file).hasContent("second");
        assertThat(names(file.getParent())).containsExactly("file");
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("file");
        write(file, "old");
        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                    new TensorBytes(channel).write("half".getBytes(StandardCharsets.UTF_8));
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(file + ": the file cannot be written: No space left on device");
        assertThat(file).hasContent("old");
        assertThat(names(folder)).containsExactly("file");
    }

    @Test
    void aTensorLargerThanTheBufferIsWrittenWhole() throws IOException {
        Path file = folder.resolve("file");
        byte[] bytes = new byte[(3 << 20) + 7];
        new Random(1).nextBytes(bytes);
        AtomicFile.write(file, channel -> new TensorBytes(channel).write(bytes));
        assertThat(file).hasBinaryContent(bytes);
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, channel -> new TensorBytes(channel).write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
