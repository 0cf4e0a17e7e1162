package io.orrery.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Files that come over some connections side by side. A large file is cut into parts, so that one alone uses all connections too; parts
 * are begun in the files' order. One run.
 */
final class Transfers {
    /** Takes a file that is whole and has the promised hash to where it belongs. */
    interface Arrival {
        void take(PartialFile whole) throws IOException;
    }

    private record Part(FileTransfer transfer, Span span) {}

    private final HubConnection hub;
    private final Path folder;
    private final Function<RemoteFile, URI> addresses;
    private final Arrival arrival;
    private final Consumer<HubEvent> listener;
    private final Workers workers;
    private final List<FileTransfer> open = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private Iterator<RemoteFile> files = List.<RemoteFile>of().iterator();
    private volatile long partLength;
    private volatile long total;
    private volatile String latest = "";

    /** @param folder where files grow */
    Transfers(
            HubConnection hub,
            Path folder,
            Function<RemoteFile, URI> addresses,
            Arrival arrival,
            Consumer<HubEvent> listener) {
        this.hub = hub;
        this.folder = folder;
        this.addresses = addresses;
        this.arrival = arrival;
        this.listener = listener;
        this.workers = new Workers("download", listener, this::state);
    }

    private Optional<HubEvent> state() {
        return latest.isEmpty() ? Optional.empty() : Optional.of(new HubEvent.Moved(latest, done.get(), total));
    }

    /** Returns when all are there. A failure of one ends the others; what has come of them is kept. */
    void fetch(List<RemoteFile> wanted, DownloadRequest request) throws IOException {
        partLength = request.partLength();
        files = wanted.iterator();
        total = RemoteFile.bytes(wanted);
        try {
            workers.run(request.connections(), this::work);
        } finally {
            closeOpen();
        }
        listener.accept(new HubEvent.Moved(latest, total, total));
    }

    private synchronized void closeOpen() throws IOException {
        for (FileTransfer transfer : open) {
            transfer.close();
        }
    }

    private void work() throws IOException, InterruptedException {
        for (Optional<Part> part = take(); part.isPresent(); part = take()) {
            fetch(part.get());
        }
    }

    private synchronized Optional<Part> take() throws IOException {
        if (workers.areStopped()) {
            return Optional.empty();
        }
        for (FileTransfer transfer : open) {
            Optional<Span> span = transfer.take();
            if (span.isPresent()) {
                return Optional.of(new Part(transfer, span.get()));
            }
        }
        if (!files.hasNext()) {
            return Optional.empty();
        }
        RemoteFile file = files.next();
        FileTransfer transfer = new FileTransfer(file, addresses.apply(file), folder, partLength);
        open.add(transfer);
        done.addAndGet(transfer.partial().covered());
        return transfer.take().map(span -> new Part(transfer, span));
    }

    private void fetch(Part part) throws IOException, InterruptedException {
        FileTransfer transfer = part.transfer();
        latest = transfer.file().path();
        new PartDownload(hub, transfer, part.span(), done::addAndGet, workers::tell).fetch();
        if (transfer.isLast()) {
            finish(transfer);
        }
    }

    private void finish(FileTransfer transfer) throws IOException, InterruptedException {
        RemoteFile file = transfer.file();
        String found = transfer.hash();
        if (!found.equals(file.contentId())) {
            startAnew(transfer, found);
            return;
        }
        arrival.take(transfer.partial());
        workers.tell(new HubEvent.Arrived(file.path(), file.size(), found));
        synchronized (this) {
            open.remove(transfer);
        }
    }

    private void startAnew(FileTransfer transfer, String found) throws IOException {
        RemoteFile file = transfer.file();
        String finding = file.path() + " from " + transfer.address().getAuthority() + " has the hash " + found
                + " instead of the promised " + file.contentId() + "; it was discarded.";
        done.addAndGet(-file.size());
        int tries = transfer.restart();
        if (tries > hub.retries().transfers()) {
            transfer.partial().discard();
            throw new HubException(0, HubException.CORRUPT, finding);
        }
        workers.tell(new HubEvent.Retried(file.path(), tries - 1, Duration.ZERO, finding));
    }
}
