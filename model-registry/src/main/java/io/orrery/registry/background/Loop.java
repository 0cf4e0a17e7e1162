package io.orrery.registry.background;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** A thread that does a piece of work again and again. It outlives what goes wrong in its work. */
public final class Loop implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final Setting setting;
    private final Signal signal;
    private final Work work;
    private volatile boolean running;
    private @Nullable Thread thread;

    /**
     * How a loop runs.
     *
     * @param pause longest sleep while there is nothing to do, and the sleep after a failure
     * @param patience longest wait for the piece in hand when it is stopped
     */
    public record Setting(String name, Duration pause, Duration patience) {}

    /** What is done, piece by piece, on the loop's thread. */
    @FunctionalInterface
    public interface Work {
        /** Does a piece. @return whether there may be more to do at once */
        boolean once() throws InterruptedException;

        /** The piece in hand should end soon. Called by another thread, before the loop's is interrupted. */
        default void stopping() {}

        /** The loop has ended. Called by another thread. */
        default void stopped() {}
    }

    public Loop(Setting setting, Signal signal, Work work) {
        this.setting = setting;
        this.signal = signal;
        this.work = work;
    }

    @Override
    public synchronized void start() {
        running = true;
        thread = Thread.ofVirtual().name(setting.name()).start(this::run);
    }

    @Override
    public synchronized void stop() {
        running = false;
        work.stopping();
        if (thread != null) {
            thread.interrupt();
            try {
                if (!thread.join(setting.patience())) {
                    LOG.warn("{} still works after {}; it is left behind", setting.name(), setting.patience());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        work.stopped();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        try {
            while (running) {
                if (!workOnce()) {
                    signal.await(setting.pause());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} was stopped", setting.name());
        }
    }

    private boolean workOnce() throws InterruptedException {
        try {
            return work.once();
        } catch (RuntimeException e) {
            if (running) {
                LOG.warn("{} tries again in {}: {}", setting.name(), setting.pause(), e.toString());
                LOG.debug("the failure", e);
            }
            return false;
        }
    }
}
