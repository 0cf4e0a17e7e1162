package io.orrery.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A revision's files in a folder named after its commit. The folder is built under another name and renamed when whole, so its being there
 * is the mark that nothing is missing. Contents are kept once per repository and linked, so that a second revision brings only what changed.
 *
 * <pre>
 * FOLDER/.lock                one download at a time, over threads and processes
 * FOLDER/.blobs/ID            contents by their id; ID.incomplete is resumed
 * FOLDER/.partial-COMMIT/     a snapshot in the making
 * FOLDER/COMMIT/              whole
 * </pre>
 */
final class SnapshotDownload {
    private static final Duration LOCK_POLL = Duration.ofMillis(50);
    private static final Duration REPORT_INTERVAL = Duration.ofMillis(100);

    private final HubConnection hub;
    private final Path folder;
    private final Path blobs;
    private final String commit;
    private final Progress progress;

    SnapshotDownload(HubConnection hub, Path folder, String commit, Progress progress) {
        this.hub = hub;
        this.folder = folder;
        this.blobs = folder.resolve(".blobs");
        this.commit = commit;
        this.progress = progress;
    }

    /** The folder of a snapshot that is whole already, or gets so now. */
    Path fetch(Supplier<List<RemoteFile>> files, Function<RemoteFile, URI> addresses) {
        Path target = folder.resolve(commit);
        if (Files.isDirectory(target)) {
            return target;
        }
        try {
            Files.createDirectories(blobs);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel)) {
                if (lock.isValid() && !Files.isDirectory(target)) {
                    build(files.get(), addresses, target);
                }
            }
            return target;
        } catch (IOException e) {
            throw HubException.local("Could not write the snapshot " + target + ": " + reason(e), e);
        }
    }

    private void build(List<RemoteFile> files, Function<RemoteFile, URI> addresses, Path target) throws IOException {
        Path partial = folder.resolve(".partial-" + commit);
        delete(partial);
        Files.createDirectories(partial);
        long total = files.stream().mapToLong(RemoteFile::size).sum();
        long done = 0;
        for (RemoteFile file : files) {
            Path place = place(partial, file.path());
            Path content = blobs.resolve(file.contentId());
            if (!Files.exists(content)) {
                new FileDownload(hub, addresses.apply(file), file, blobs).fetch(throttled(file.path(), done, total));
            }
            done += file.size();
            progress.report(file.path(), done, total);
            Files.createDirectories(place.getParent());
            link(content, place);
        }
        sync(blobs);
        syncTree(partial);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
        dropUnlinkedContents();
    }

    /** Where a path of the hub's goes; a path that would leave the snapshot is refused. */
    private static Path place(Path partial, String path) {
        Path place = partial.resolve(path).normalize();
        if (path.isEmpty() || !place.startsWith(partial) || place.equals(partial)) {
            throw new HubException(
                    0, HubException.CORRUPT, "The hub lists a file '" + path + "', which lies outside its repository.");
        }
        return place;
    }

    private LongConsumer throttled(String path, long before, long total) {
        Instant[] last = {Instant.EPOCH};
        return bytes -> {
            Instant now = Instant.now();
            if (now.isAfter(last[0].plus(REPORT_INTERVAL))) {
                last[0] = now;
                progress.report(path, before + bytes, total);
            }
        };
    }

    private static void link(Path content, Path place) throws IOException {
        try {
            Files.createLink(place, content);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(content, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private FileLock lock(FileChannel channel) throws IOException {
        Instant deadline = Instant.now().plus(hub.timeouts().snapshot());
        while (Instant.now().isBefore(deadline)) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return lock;
            }
            await();
        }
        throw new IOException("another download held " + folder.resolve(".lock") + " for "
                + hub.timeouts().snapshot().toMinutes() + " minutes");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process holds it
        }
    }

    private static void await() {
        try {
            Thread.sleep(LOCK_POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HubException.local("Interrupted while another download of the same repository ran", e);
        }
    }

    /** Contents that no snapshot links to any more go, where the file system counts links. */
    private void dropUnlinkedContents() throws IOException {
        if (!Files.getFileStore(blobs).supportsFileAttributeView("unix")) {
            return;
        }
        for (Path content : list(blobs)) {
            if (!content.toString().endsWith(".incomplete")
                    && Files.getAttribute(content, "unix:nlink").equals(1)) {
                Files.delete(content);
            }
        }
    }

    private static void syncTree(Path folder) throws IOException {
        for (Path child : list(folder)) {
            if (Files.isDirectory(child)) {
                syncTree(child);
            }
        }
        sync(folder);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Deque<Path> rest = new ArrayDeque<>(List.of(folder));
        Deque<Path> emptied = new ArrayDeque<>();
        while (!rest.isEmpty()) {
            Path path = rest.pop();
            emptied.push(path);
            if (Files.isDirectory(path)) {
                list(path).forEach(rest::push);
            }
        }
        for (Path path : emptied) {
            Files.delete(path);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
