package io.orrery.registry.conversion;

import io.orrery.api.hub.Conversion.Progress;
import io.orrery.engine.checkpoint.WriteOptions;

/** How far a run is, and whether it is to end. Counted on the thread that works, read and stopped by others. */
final class Tally {
    /** The run was stopped. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final int threads;
    private volatile Progress progress = new Progress("", 0, 0, 0, 0);
    private volatile boolean stopped;
    private String tensor = "";

    /** @param threads that compute */
    Tally(int threads) {
        this.threads = threads;
    }

    void begin(String stage, int tensors, long bytes) {
        requireGoing();
        tensor = "";
        progress = new Progress(stage, 0, tensors, 0, bytes);
    }

    /** @param before bytes that were written to other files */
    WriteOptions writing(long before) {
        return new WriteOptions(threads, (name, done, total) -> wrote(name, before + done));
    }

    private void wrote(String name, long bytes) {
        requireGoing();
        Progress last = progress;
        int finished = name.equals(tensor) || tensor.isEmpty() ? last.tensors() : last.tensors() + 1;
        tensor = name;
        progress = new Progress(last.stage(), finished, last.totalTensors(), bytes, last.totalBytes());
    }

    void read(long bytes) {
        requireGoing();
        Progress last = progress;
        progress = new Progress(last.stage(), 0, 0, last.bytes() + bytes, last.totalBytes());
    }

    /** All that was to be converted is. */
    void publish() {
        requireGoing();
        Progress last = progress;
        progress = new Progress(
                "publishing", last.totalTensors(), last.totalTensors(), last.totalBytes(), last.totalBytes());
    }

    void requireGoing() {
        if (stopped) {
            throw new StoppedException();
        }
    }

    void stop() {
        stopped = true;
    }

    Progress progress() {
        return progress;
    }
}
