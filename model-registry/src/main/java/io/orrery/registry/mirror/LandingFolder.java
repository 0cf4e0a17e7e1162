package io.orrery.registry.mirror;

import io.orrery.registry.blob.BlobProperties;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Where contents land: a folder of this process, held by a file lock as long as the process lives. What a process left that died is taken
 * over by the next one, which goes on where it ended.
 */
@Component
class LandingFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LandingFolder.class);
    private static final String LOCK = ".lock";
    /** What nobody asked for again. */
    private static final Duration FORGOTTEN = Duration.ofDays(7);

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    LandingFolder(BlobProperties properties) throws IOException {
        Path landing =
                Files.createDirectories(properties.blobs().toAbsolutePath().resolve("landing"));
        folder = Files.createDirectory(landing.resolve(UUID.randomUUID().toString()));
        channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock = channel.lock();
        for (Path other : list(landing)) {
            if (!other.equals(folder)) {
                takeOver(other);
            }
        }
    }

    /** The place of a content that lands; what is there already is its beginning. */
    Path place(String contentId) {
        return folder.resolve(contentId);
    }

    private void takeOver(Path other) throws IOException {
        try (FileChannel theirs =
                        FileChannel.open(other.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock free = theirs.tryLock()) {
            if (free == null) {
                return;
            }
            for (Path part : list(other)) {
                take(part);
            }
            Files.delete(other);
        } catch (OverlappingFileLockException e) {
            LOG.debug("{} belongs to this process", other);
        }
    }

    /** The longer part of two is kept. */
    private void take(Path part) throws IOException {
        Path mine = place(part.getFileName().toString());
        boolean isForgotten = Files.getLastModifiedTime(part)
                .toInstant()
                .isBefore(Instant.now().minus(FORGOTTEN));
        boolean isShorter = Files.exists(mine) && Files.size(mine) >= Files.size(part);
        if (part.endsWith(LOCK) || isForgotten || isShorter) {
            Files.delete(part);
        } else {
            Files.move(part, mine, StandardCopyOption.REPLACE_EXISTING);
            LOG.info("Took over {} bytes of {}, which an earlier process left", Files.size(mine), mine.getFileName());
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
