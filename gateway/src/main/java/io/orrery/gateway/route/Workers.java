package io.orrery.gateway.route;

import io.orrery.api.inference.ModelName;
import io.orrery.api.inference.WorkerStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The view of all workers. Thread-safe. */
@Component
public class Workers {
    private final Map<String, Worker> reported = new ConcurrentHashMap<>();
    private final List<Worker> fixed;
    private final Duration stale;
    private final Clock clock;
    private volatile boolean caughtUp;

    @Autowired
    Workers(WorkerProperties properties) {
        this(properties, Clock.systemUTC());
    }

    Workers(WorkerProperties properties, Clock clock) {
        this.fixed = properties.workers().stream().map(Worker::fixed).toList();
        this.stale = properties.workerStale();
        this.clock = clock;
    }

    /**
     * Live workers for a model, the best first: those that hold it ready, then those that hold its base without the adapter, then
     * those that load it, each by load; then the others, by free memory and then load.
     */
    public List<Worker> forModel(ModelName model) {
        Comparator<Worker> order = Comparator.<Worker, Worker.Fit>comparing(worker -> worker.fit(model))
                .thenComparing(worker -> worker.fit(model) == Worker.Fit.ABSENT ? -worker.freeMemory() : 0)
                .thenComparing(Worker::load)
                .thenComparing(Worker::id);
        return live().sorted(order).toList();
    }

    /** Live workers, the least loaded first. */
    public List<Worker> any() {
        return live().sorted(Comparator.comparing(Worker::load).thenComparing(Worker::id))
                .toList();
    }

    /** Why {@link #any} is empty, in a sentence for people. */
    public String whyNone() {
        if (!caughtUp) {
            return "The gateway has just started and has not read the inference workers' reports yet.";
        }
        if (reported.isEmpty()) {
            return "No inference worker has reported itself; start an inference-service.";
        }
        return "No inference worker is live: the last report of each of the " + reported.size()
                + " known is older than " + stale.toSeconds() + " s.";
    }

    long liveCount() {
        return live().count();
    }

    /** @param isNew written since this gateway began to read, so that its age is told by this machine's clock alone */
    void report(WorkerStatus status, boolean isNew) {
        Instant seenAt = isNew ? clock.instant() : status.at();
        reported.compute(status.workerId(), (_, known) -> {
            if (known == null) {
                return new Worker(status, seenAt);
            }
            known.report(status, seenAt);
            return known;
        });
    }

    void remove(String workerId) {
        reported.remove(workerId);
    }

    void caughtUp() {
        caughtUp = true;
    }

    boolean isCaughtUp() {
        return caughtUp;
    }

    private Stream<Worker> live() {
        Instant oldest = clock.instant().minus(stale);
        return Stream.concat(reported.values().stream().filter(worker -> worker.isSeenSince(oldest)), fixed.stream());
    }
}
