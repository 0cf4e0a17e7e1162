package io.orrery.registry.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Where contents arrive or are made: a folder of this process, held by a file lock as long as the process lives. Folders whose lock nobody holds are
 * what a process left that died, and go when the next one starts.
 */
public final class StagingArea implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StagingArea.class);
    private static final String LOCK = ".lock";

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private StagingArea(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /** @param incoming folder of the folders of all processes */
    public static StagingArea open(Path incoming) throws IOException {
        Files.createDirectories(incoming);
        for (Path other : list(incoming)) {
            sweepIfAbandoned(other);
        }
        Path folder = Files.createDirectory(incoming.resolve(UUID.randomUUID().toString()));
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new StagingArea(folder, channel, channel.lock());
    }

    /** A name that nothing else has. */
    public Path newFile() {
        return folder.resolve(UUID.randomUUID().toString());
    }

    private static void sweepIfAbandoned(Path other) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(other.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                List<Path> left = list(other);
                FileSystemUtils.deleteRecursively(other);
                LOG.info("Removed {} unfinished contents that an earlier process left", left.size() - 1);
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("{} belongs to this process", other);
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
        FileSystemUtils.deleteRecursively(folder);
    }
}
