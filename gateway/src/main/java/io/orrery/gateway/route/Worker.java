package io.orrery.gateway.route;

import io.orrery.api.inference.ResidentModel;
import io.orrery.api.inference.WorkerStatus;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One inference worker: its last report, and what this gateway is asking of it right now. Thread-safe; the report is replaced whole. */
public final class Worker {
    /** How little has to happen before a worker can answer for a model. */
    enum Fit {
        READY,
        ADAPTER_MISSING,
        LOADING,
        ABSENT
    }

    private final AtomicInteger asking = new AtomicInteger();
    private volatile WorkerStatus status;
    private volatile Instant seenAt;

    Worker(WorkerStatus status, Instant seenAt) {
        this.status = status;
        this.seenAt = seenAt;
    }

    static Worker fixed(URI url) {
        return new Worker(
                new WorkerStatus("fixed " + url, url, "unknown", 0, 0, 0, 0, List.of(), Instant.MAX), Instant.MAX);
    }

    public String id() {
        return status.workerId();
    }

    public URI url() {
        return status.url();
    }

    /** Counts a request to this worker until it is closed. */
    public Asking begin() {
        asking.incrementAndGet();
        return asking::decrementAndGet;
    }

    void report(WorkerStatus status, Instant seenAt) {
        this.status = status;
        this.seenAt = seenAt;
    }

    boolean isSeenSince(Instant moment) {
        return !seenAt.isBefore(moment);
    }

    Fit fit(ModelName model) {
        return status.resident().stream()
                .filter(model::isBase)
                .map(resident -> fit(model, resident))
                .min(Fit::compareTo)
                .orElse(Fit.ABSENT);
    }

    private static Fit fit(ModelName model, ResidentModel resident) {
        if (!resident.state().equals("ready")) {
            return Fit.LOADING;
        }
        return model.isWhole(resident) ? Fit.READY : Fit.ADAPTER_MISSING;
    }

    long freeMemory() {
        return status.memoryTotal() - status.memoryUsed();
    }

    /** Reports are seconds old, so requests that this gateway sent since count too. */
    int load() {
        return Math.max(status.running() + status.waiting(), asking.get());
    }

    /** A request that a worker is busy with. */
    public interface Asking extends AutoCloseable {
        @Override
        void close();
    }
}
