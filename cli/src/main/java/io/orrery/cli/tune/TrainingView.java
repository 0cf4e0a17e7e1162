package io.orrery.cli.tune;

import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.train.StepMetrics;
import io.orrery.engine.train.TrainListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Shows a run in this process, and stops it when the process is told to end. */
final class TrainingView implements TrainListener, AutoCloseable {
    /** For the step that is under way and its checkpoint. */
    private static final Duration LAST_STEP = Duration.ofMinutes(2);

    private final Terminal terminal;
    private final boolean json;
    private final ProgressBar bar;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    TrainingView(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
        this.bar = terminal.counted("train");
    }

    /** From now on Ctrl-C waits until the run has kept a checkpoint. */
    void stopOnSignal() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("stop-training").unstarted(this::stop));
    }

    private void stop() {
        stopping = true;
        try {
            if (!ended.await(LAST_STEP.toSeconds(), TimeUnit.SECONDS)) {
                terminal.note("the step took too long; the last checkpoint is what remains");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isCancelled() {
        return stopping;
    }

    @Override
    public void stage(String text) {
        bar.note(text);
    }

    @Override
    public void step(StepMetrics metrics) {
        if (json) {
            terminal.json(metrics.toJson());
            return;
        }
        String validation = metrics.validation().loss().isPresent()
                ? String.format(
                        Locale.ROOT,
                        " (validation %.4f)",
                        metrics.validation().loss().getAsDouble())
                : "";
        bar.report(
                String.format(
                        Locale.ROOT,
                        "loss %.4f%s, %.0f tokens/s",
                        metrics.loss(),
                        validation,
                        metrics.tokensPerSecond()),
                metrics.step(),
                metrics.totalSteps());
    }

    @Override
    public void checkpoint(int step, Path folder) {
        if (!json) {
            bar.note("checkpoint of step " + step + " in " + folder);
        }
    }

    void done(Map<String, Object> result) {
        bar.close();
        if (json) {
            terminal.json(result);
        } else {
            terminal.line("done: " + result);
        }
    }

    @Override
    public void close() {
        bar.close();
        ended.countDown();
    }
}
