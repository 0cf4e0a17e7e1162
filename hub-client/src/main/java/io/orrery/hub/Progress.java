package io.orrery.hub;

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
}
