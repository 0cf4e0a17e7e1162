package io.orrery.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One part of a file over one connection after the other, until it is here or too many tries in a row brought nothing. For one thread. */
final class PartDownload {
    private static final int BUFFER = 1 << 16;
    /** A try that brought as much was not in vain. */
    private static final long WORTH = 1 << 20;

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    private final HubConnection hub;
    private final FileTransfer transfer;
    private final RemoteFile file;
    private final LongConsumer fresh;
    private final Consumer<HubEvent> events;
    private Span rest;
    private long brought;

    /** @param fresh gets how many bytes have come that were not here */
    PartDownload(HubConnection hub, FileTransfer transfer, Span part, LongConsumer fresh, Consumer<HubEvent> events) {
        this.hub = hub;
        this.transfer = transfer;
        this.file = transfer.file();
        this.rest = part;
        this.fresh = fresh;
        this.events = events;
    }

    void fetch() {
        int failures = 0;
        while (rest.length() > 0) {
            brought = 0;
            try {
                receive();
            } catch (IOException e) {
                failures = brought >= WORTH ? 1 : failures + 1;
                pause(failures, new HubException(0, HubException.BROKEN_OFF, String.valueOf(e.getMessage())));
            } catch (HubException e) {
                if (!e.isTransient()) {
                    throw e;
                }
                failures = brought >= WORTH ? 1 : failures + 1;
                pause(failures, e);
            }
        }
    }

    private void pause(int failures, HubException why) {
        Optional<Duration> pause = hub.retries().pause(failures, why.retryAfter());
        if (failures >= hub.retries().transfers()
                || pause.isEmpty()
                || Thread.currentThread().isInterrupted()) {
            String asked = why.retryAfter()
                    .map(time -> ", and the hub asks to come back in " + time.toSeconds() + " s")
                    .orElse("");
            throw why.saying("Could not download " + file.path() + " after " + failures
                    + (failures == 1 ? " try: " : " tries: ") + why.detail() + asked + ". "
                    + transfer.partial().covered() + " of its " + file.size() + " bytes are kept.");
        }
        events.accept(new HubEvent.Retried(file.path(), failures, pause.get(), why.detail()));
        HubConnection.rest(pause.get());
    }

    private void receive() throws IOException {
        Optional<String> range = range();
        HttpResponse<InputStream> response = hub.open(transfer.address(), range);
        try (InputStream body = response.body()) {
            if (range.isPresent() && response.statusCode() != 206) {
                transfer.dropParts();
                rest = new Span(0, file.size());
                throw new IOException("the hub sends files from their start alone");
            }
            checkRange(response);
            byte[] buffer = new byte[BUFFER];
            while (rest.length() > 0) {
                int count = body.read(buffer, 0, (int) Math.min(BUFFER, rest.length()));
                if (count < 0) {
                    throw new IOException("it ended after " + rest.from() + " of " + file.size() + " bytes");
                }
                keep(buffer, count);
            }
            if (body.read() >= 0) {
                throw corrupt("is longer than the promised " + file.size() + " bytes");
            }
        }
    }

    private Optional<String> range() {
        if (rest.from() == 0 && rest.to() == file.size()) {
            return Optional.empty();
        }
        return Optional.of("bytes=" + rest.from() + "-" + (rest.to() == file.size() ? "" : rest.to() - 1));
    }

    private void checkRange(HttpResponse<?> response) throws IOException {
        Optional<Matcher> range = response.headers()
                .firstValue("Content-Range")
                .map(CONTENT_RANGE::matcher)
                .filter(Matcher::matches);
        if (range.isEmpty()) {
            return;
        }
        if (Long.parseLong(range.get().group(1)) != rest.from()) {
            throw new IOException("the hub sent bytes from " + range.get().group(1) + " on, not from " + rest.from());
        }
        String total = range.get().group(2);
        if (!total.equals("*") && Long.parseLong(total) != file.size()) {
            throw corrupt("has " + total + " bytes instead of the promised " + file.size());
        }
    }

    private void keep(byte[] buffer, int count) {
        try {
            long added = transfer.partial().write(rest.from(), buffer, count);
            brought += added;
            fresh.accept(added);
        } catch (IOException e) {
            throw HubException.local("Could not write " + file.path() + ": " + e, e);
        }
        rest = rest.startingAt(rest.from() + count);
    }

    private HubException corrupt(String what) {
        return new HubException(
                0,
                HubException.CORRUPT,
                file.path() + " from " + transfer.address().getAuthority() + " " + what + ".");
    }
}
