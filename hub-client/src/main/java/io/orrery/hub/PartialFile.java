package io.orrery.hub;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file that is coming: {@code ID.incomplete} with its bytes so far, and {@code ID.incomplete.json} with the hash that it must have and
 * the spans that are here, so that another process can go on. What the second claims may be lost with the machine's power; the hash tells.
 * Safe for many threads.
 */
final class PartialFile implements Closeable {
    static final String ENDING = ".incomplete";
    private static final String NOTES_ENDING = ENDING + ".json";
    private static final Duration SAVE_INTERVAL = Duration.ofMillis(500);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** @param path in the repository, where another content may be promised by now */
    private record Notes(String path, String hash, long size, List<Span> here) {}

    private final RemoteFile file;
    private final Path data;
    private final Path notes;
    private final FileChannel channel;
    private final Spans here = new Spans();
    private long saved = System.nanoTime();
    private boolean isClosed;

    private PartialFile(Path folder, RemoteFile file) throws IOException {
        this.file = file;
        this.data = folder.resolve(file.contentId() + ENDING);
        this.notes = folder.resolve(file.contentId() + NOTES_ENDING);
        List<Span> known = Files.exists(data)
                ? read(notes)
                        .filter(noted -> isOf(noted, file))
                        .map(Notes::here)
                        .orElse(List.of())
                : List.of();
        this.channel =
                FileChannel.open(data, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long length = channel.size();
        known.stream()
                .filter(span -> span.to() <= Math.min(length, file.size()))
                .forEach(here::add);
    }

    static PartialFile open(Path folder, RemoteFile file) throws IOException {
        return new PartialFile(folder, file);
    }

    private static boolean isOf(Notes known, RemoteFile file) {
        return known.hash().equals(file.contentId()) && known.size() == file.size();
    }

    /** How much of a file an earlier try has left in a folder. */
    static long begun(Path folder, RemoteFile file) throws IOException {
        return read(folder.resolve(file.contentId() + NOTES_ENDING))
                .filter(noted -> isOf(noted, file))
                .map(known -> known.here().stream().mapToLong(Span::length).sum())
                .orElse(0L);
    }

    /** Nothing where there are none or they make no sense: what they tell of is then fetched again. */
    private static Optional<Notes> read(Path notes) throws IOException {
        try {
            return Files.exists(notes)
                    ? Optional.ofNullable(JSON.readValue(Files.readString(notes), Notes.class))
                    : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    RemoteFile file() {
        return file;
    }

    synchronized long covered() {
        return here.covered();
    }

    synchronized List<Span> missing(long longest) {
        return here.missing(file.size(), longest);
    }

    /** How many bytes were new. */
    long write(long position, byte[] buffer, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
            channel.write(bytes, position + bytes.position());
        }
        synchronized (this) {
            long fresh = here.add(new Span(position, position + count));
            notifyAll();
            if (System.nanoTime() - saved >= SAVE_INTERVAL.toNanos()) {
                save();
            }
            return fresh;
        }
    }

    int read(ByteBuffer target, long position) throws IOException {
        return channel.read(target, position);
    }

    /** Waits until more than so many bytes are here from the start on, and says how many; as many as were asked for if it was closed. */
    synchronized long awaitPrefix(long known) throws InterruptedException {
        while (!isClosed && here.prefix() <= known && known < file.size()) {
            wait();
        }
        return isClosed ? known : here.prefix();
    }

    private void save() throws IOException {
        Path beside = notes.resolveSibling(notes.getFileName() + ".tmp");
        Files.writeString(
                beside, JSON.writeValueAsString(new Notes(file.path(), file.contentId(), file.size(), here.all())));
        Files.move(beside, notes, StandardCopyOption.ATOMIC_MOVE);
        saved = System.nanoTime();
    }

    /** Whole, synced and under its final name. */
    synchronized void finish(Path target) throws IOException {
        channel.force(true);
        close(false);
        Files.move(data, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(notes);
    }

    synchronized void discard() throws IOException {
        close(false);
        Files.deleteIfExists(notes);
        Files.deleteIfExists(data);
    }

    /** Keeps what is here for a later try. */
    @Override
    public synchronized void close() throws IOException {
        close(true);
    }

    private void close(boolean isKept) throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        notifyAll();
        if (isKept) {
            save();
        }
        channel.close();
    }

    /** Deletes what is left of contents that the same paths had in other revisions, and data that nothing is noted of. */
    static void sweep(Path folder, List<RemoteFile> files) throws IOException {
        for (Path data : list(folder)) {
            String name = data.getFileName().toString();
            if (!name.endsWith(ENDING)) {
                continue;
            }
            Path notes = folder.resolve(name.substring(0, name.length() - ENDING.length()) + NOTES_ENDING);
            Optional<Notes> known = read(notes);
            boolean isOutdated = known.isEmpty()
                    || files.stream()
                            .anyMatch(file -> file.path().equals(known.get().path())
                                    && !file.contentId().equals(known.get().hash()));
            if (isOutdated) {
                Files.deleteIfExists(notes);
                Files.delete(data);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }
}
