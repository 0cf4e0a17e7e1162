package io.orrery.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A file on its way: which of its parts wait for a connection, and how many have one. Safe for many threads. */
final class FileTransfer {
    private final RemoteFile file;
    private final URI address;
    private final Path folder;
    private final long longestPart;
    private final Deque<Span> waiting = new ArrayDeque<>();
    private PartialFile partial;
    private HashAlong hash;
    private int running;
    private int tries = 1;

    /** @param folder where it grows */
    FileTransfer(RemoteFile file, URI address, Path folder, long longestPart) throws IOException {
        this.file = file;
        this.address = address;
        this.folder = folder;
        this.longestPart = longestPart;
        this.partial = PartialFile.open(folder, file);
        this.hash = HashAlong.start(partial);
        fill();
    }

    private void fill() {
        List<Span> missing = partial.missing(longestPart);
        // what is whole already has a part too: whoever takes it finishes the file
        waiting.addAll(missing.isEmpty() ? List.of(new Span(file.size(), file.size())) : missing);
    }

    RemoteFile file() {
        return file;
    }

    URI address() {
        return address;
    }

    synchronized PartialFile partial() {
        return partial;
    }

    /** A part for a connection that is free. */
    synchronized Optional<Span> take() {
        Optional<Span> part = Optional.ofNullable(waiting.poll());
        running += part.isPresent() ? 1 : 0;
        return part;
    }

    /** A part is here. Whether it was the last, so that its taker has to finish the file. */
    synchronized boolean isLast() {
        running--;
        return running == 0 && waiting.isEmpty();
    }

    /** The hub sends no parts: nobody else is to ask for one. */
    synchronized void dropParts() {
        waiting.clear();
    }

    /** The file's hash as it came. */
    String hash() throws IOException, InterruptedException {
        return hash.await();
    }

    /** Throws away what came, and starts anew; how many times it was started. */
    synchronized int restart() throws IOException {
        partial.discard();
        partial = PartialFile.open(folder, file);
        hash = HashAlong.start(partial);
        fill();
        return ++tries;
    }

    /** Keeps what is here for later. */
    synchronized void close() throws IOException {
        partial.close();
    }
}
