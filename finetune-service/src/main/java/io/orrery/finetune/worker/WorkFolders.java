package io.orrery.finetune.worker;

import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where jobs work: {@code JOB} for what all attempts go on from, {@code JOB/attempt-EPOCH} for what one of them makes.
 *
 * @param work folder of the jobs
 */
@Validated
@ConfigurationProperties("orrery.finetune")
record WorkFolders(@NotNull Path work) {
    Path job(String job) {
        return work.toAbsolutePath().resolve(job);
    }

    Path attempt(String job, long epoch) {
        return job(job).resolve("attempt-" + epoch);
    }

    /** Removes everything of a job, which has ended. */
    void delete(String job) throws IOException {
        Path folder = job(job);
        if (Files.exists(folder)) {
            Files.walkFileTree(folder, new Deletion());
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
