package io.orrery.engine.generate;

/** Told how much of a model is on its device; called on the loading thread. */
@FunctionalInterface
public interface LoadProgress {
    LoadProgress SILENT = (done, total) -> {};

    void loaded(long doneBytes, long totalBytes);
}
