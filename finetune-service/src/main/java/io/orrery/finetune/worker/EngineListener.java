package io.orrery.finetune.worker;

import io.orrery.engine.train.StepMetrics;
import io.orrery.engine.train.TrainListener;
import java.nio.file.Path;

/** Passes on what the engine says. */
record EngineListener(Training.Listener listener) implements TrainListener {
    @Override
    public void stage(String text) {
        listener.stage(text);
    }

    @Override
    public void step(StepMetrics metrics) {
        listener.step(new Training.Step(
                metrics.step(),
                metrics.totalSteps(),
                metrics.tokens(),
                metrics.trainedTokens(),
                metrics.loss(),
                metrics.toJson()));
    }

    @Override
    public void checkpoint(int step, Path folder) {
        listener.checkpoint(step);
    }

    @Override
    public boolean isCancelled() {
        return listener.isStopped();
    }
}
