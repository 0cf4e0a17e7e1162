package io.orrery.finetune.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** A thread that works while there is work, and sleeps until it is woken or a pause is over. It outlives what goes wrong in its work. */
public final class Loop implements SmartLifecycle {
    /** There may be more to do. */
    public static final Duration MORE = Duration.ZERO;
    /** There is nothing more to do. */
    public static final Duration IDLE = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final Setting setting;
    private final Signal signal;
    private final Work work;
    private volatile boolean running;
    private @Nullable Thread thread;

    /**
     * How a loop runs.
     *
     * @param thread its kind and name
     * @param pause longest sleep, and the sleep after a failure
     * @param patience longest wait for the work in hand when it is stopped
     * @param phase Spring's: larger ones stop earlier
     */
    public record Setting(Thread.Builder thread, Duration pause, Duration patience, int phase) {}

    /** What is done, piece by piece, on the loop's thread. */
    public interface Work {
        /** Does a piece. @return for how long there is nothing more to do, unless the signal is raised */
        Duration once();

        /** The loop starts, perhaps after it was stopped. Called by another thread. */
        default void starting() {}

        /** The piece in hand should end soon. Called by another thread. */
        default void stopping() {}
    }

    public Loop(Setting setting, Signal signal, Work work) {
        this.setting = setting;
        this.signal = signal;
        this.work = work;
    }

    @Override
    public synchronized void start() {
        running = true;
        work.starting();
        thread = setting.thread().start(this::run);
    }

    @Override
    public synchronized void stop() {
        running = false;
        work.stopping();
        signal.raise();
        if (thread != null) {
            try {
                if (!thread.join(setting.patience())) {
                    LOG.warn("{} still works after {}; it is left behind", thread.getName(), setting.patience());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return setting.phase();
    }

    private void run() {
        try {
            while (running) {
                Duration pause = workOnce();
                if (pause.isPositive()) {
                    signal.await(pause.compareTo(setting.pause()) < 0 ? pause : setting.pause());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }

    private Duration workOnce() {
        try {
            return work.once();
        } catch (RuntimeException e) {
            LOG.warn("{} tries again in {}: {}", Thread.currentThread().getName(), setting.pause(), e.toString());
            LOG.debug("the failure", e);
            return setting.pause();
        }
    }
}
