package io.orrery.api.inference;

import java.net.URI;
import java.time.Instant;
import java.util.List;

/**
 * One inference-service, as it reports itself every {@link #INTERVAL_SECONDS} seconds on the compacted topic {@link #TOPIC}
 * under its worker id; a clean stop leaves a tombstone. A reader takes a worker whose report is older than
 * {@link #STALE_SECONDS} for dead.
 *
 * @param workerId stable over restarts of the same process slot
 * @param url where it answers, such as {@code http://127.0.0.1:8082}
 * @param device such as {@code cpu (avx512, 2 threads)}
 * @param memoryTotal bytes that models and caches may take
 * @param memoryUsed bytes that they take
 * @param running sequences being generated
 * @param waiting sequences queued
 * @param resident models that answer at once
 * @param at when this was true
 */
public record WorkerStatus(
        String workerId,
        URI url,
        String device,
        long memoryTotal,
        long memoryUsed,
        int running,
        int waiting,
        List<ResidentModel> resident,
        Instant at) {
    public static final String TOPIC = "inference.workers";
    public static final int INTERVAL_SECONDS = 2;
    public static final int STALE_SECONDS = 10;

    public WorkerStatus {
        resident = List.copyOf(resident);
    }
}
