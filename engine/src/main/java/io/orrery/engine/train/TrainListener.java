package io.orrery.engine.train;

import java.nio.file.Path;

/** Hears how a run goes on, on the run's own thread: what it does there, training waits for. */
public interface TrainListener {
    /** One that hears nothing and never cancels. */
    TrainListener NONE = new TrainListener() {};

    /** What happens now, a sentence for people. */
    default void stage(String text) {}

    default void step(StepMetrics metrics) {}

    /** A checkpoint is whole on disk. */
    default void checkpoint(int step, Path folder) {}

    /** Asked before every micro-batch; true ends the run with a {@link TrainingCancelledException}. */
    default boolean isCancelled() {
        return false;
    }
}
