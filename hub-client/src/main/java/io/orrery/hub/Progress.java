package io.orrery.hub;

import java.util.function.Consumer;

/** Told how far a transfer is, a few times a second at most per file and at its end; called on the caller's thread. */
@FunctionalInterface
public interface Progress {
    Progress SILENT = (path, done, total) -> {};

    /**
     * @param path the file that is on its way
     * @param done bytes of the whole transfer that are here
     * @param total bytes of the whole transfer
     */
    void report(String path, long done, long total);

    /** Hears of what moves alone. */
    default Consumer<HubEvent> asListener() {
        return event -> {
            if (event instanceof HubEvent.Moved moved) {
                report(moved.path(), moved.done(), moved.total());
            }
        };
    }
}
