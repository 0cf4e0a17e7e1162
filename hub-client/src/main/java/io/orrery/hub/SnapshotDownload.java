package io.orrery.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A revision's files in a folder named after its commit. The folder is built under another name and renamed when whole, so its being there
 * is the mark that nothing is missing. Contents are kept once per repository and linked, so that a second revision brings only what changed.
 *
 * <pre>
 * FOLDER/.lock                one download at a time, over threads and processes
 * FOLDER/.blobs/ID            contents by their id; ID.incomplete is resumed, and ID.incomplete.json tells where
 * FOLDER/.partial-COMMIT/     a snapshot in the making
 * FOLDER/COMMIT/              whole
 * </pre>
 */
final class SnapshotDownload {
    private final HubConnection hub;
    private final Path folder;
    private final Path blobs;
    private final String commit;
    private final DownloadRequest request;
    private final Consumer<HubEvent> listener;

    SnapshotDownload(
            HubConnection hub, Path folder, String commit, DownloadRequest request, Consumer<HubEvent> listener) {
        this.hub = hub;
        this.folder = folder;
        this.blobs = folder.resolve(".blobs");
        this.commit = commit;
        this.request = request;
        this.listener = listener;
    }

    /** The folder of a snapshot that is whole already, or gets so now. */
    Path fetch(Supplier<List<RemoteFile>> files, Function<RemoteFile, URI> addresses) {
        Path target = folder.resolve(commit);
        if (Files.isDirectory(target)) {
            return target;
        }
        Path lockFile = folder.resolve(".lock");
        try {
            Files.createDirectories(blobs);
            try (FolderLock _ = FolderLock.acquire(
                    lockFile,
                    hub.timeouts().snapshot(),
                    () -> listener.accept(new HubEvent.Waiting("another download into " + folder)))) {
                if (!Files.isDirectory(target)) {
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
        files.forEach(file -> RepositoryPath.under(partial, file.path()));
        fetchContents(files, addresses);
        for (RemoteFile file : files) {
            Path place = RepositoryPath.under(partial, file.path());
            Files.createDirectories(place.getParent());
            link(blobs.resolve(file.contentId()), place);
        }
        sync(blobs);
        syncTree(partial);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
        dropUnlinkedContents();
    }

    private void fetchContents(List<RemoteFile> files, Function<RemoteFile, URI> addresses) throws IOException {
        PartialFile.sweep(blobs, files);
        Map<Boolean, List<RemoteFile>> here = RemoteFile.distinct(files).stream()
                .collect(Collectors.partitioningBy(file -> Files.exists(blobs.resolve(file.contentId()))));
        List<RemoteFile> missing = here.getOrDefault(false, List.of());
        listener.accept(new HubEvent.Planned(missing.size(), RemoteFile.bytes(missing)));
        here.getOrDefault(true, List.of())
                .forEach(file -> listener.accept(new HubEvent.Kept(file.path(), file.size())));
        Room.require(blobs, missing);
        new Transfers(
                        hub,
                        blobs,
                        addresses,
                        whole -> whole.finish(blobs.resolve(whole.file().contentId())),
                        listener)
                .fetch(missing, request);
    }

    private static void link(Path content, Path place) throws IOException {
        try {
            Files.createLink(place, content);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(content, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Contents that no snapshot links to any more go, where the file system counts links. */
    private void dropUnlinkedContents() throws IOException {
        if (!Files.getFileStore(blobs).supportsFileAttributeView("unix")) {
            return;
        }
        for (Path content : list(blobs)) {
            if (!content.toString().contains(PartialFile.ENDING)
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
