package io.orrery.gateway.route;

import io.orrery.api.inference.ModelName;
import io.orrery.api.inference.ResidentModel;
import io.orrery.api.inference.WorkerStatus;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** One inference worker: its last report, and what this gateway is asking of it right now. Thread-safe; the report is replaced whole. */
public final class Worker {
    /** How little has to happen before a worker can answer for a model. */
    enum Fit {
        READY,
        ADAPTER_MISSING,
        LOADING,
        ABSENT
    }

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,40}");

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
                .filter(resident -> isBase(model, resident))
                .map(resident -> fit(model, resident))
                .min(Fit::compareTo)
                .orElse(Fit.ABSENT);
    }

    private static Fit fit(ModelName model, ResidentModel resident) {
        if (!resident.state().equals("ready")) {
            return Fit.LOADING;
        }
        return isWhole(model, resident) ? Fit.READY : Fit.ADAPTER_MISSING;
    }

    /** Whether the weights need not be loaded; a branch's or tag's name may mean any commit. */
    static boolean isBase(ModelName model, ResidentModel resident) {
        return resident.model().equals(model.repository())
                && (model.adapter().isPresent()
                        || model.revision()
                                .filter(rev -> COMMIT.matcher(rev).matches())
                                .filter(rev -> !resident.commit().startsWith(rev))
                                .isEmpty());
    }

    static boolean isWhole(ModelName model, ResidentModel resident) {
        return isBase(model, resident)
                && model.adapter()
                        .filter(name -> !resident.adapters().contains(name))
                        .isEmpty();
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
