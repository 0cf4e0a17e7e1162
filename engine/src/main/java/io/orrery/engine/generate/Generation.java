package io.orrery.engine.generate;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A sequence under way, as its reader holds it. Closing it before the end frees its place within one step of the engine.
 * Thread-safe: one reader, and the engine thread as writer.
 */
public final class Generation implements AutoCloseable {
    private final BlockingQueue<GenerationEvent> events;
    private volatile boolean cancelled;

    /** @param mostEvents bounds the queue, so that the engine never waits for a slow reader */
    Generation(int mostEvents) {
        this.events = new LinkedBlockingQueue<>(mostEvents);
    }

    /**
     * Waits for the next event. After {@link GenerationEvent.Finished} or {@link GenerationEvent.Failed} there is none.
     *
     * @throws EngineException where nothing came in time
     */
    public GenerationEvent next(Duration patience) throws InterruptedException {
        GenerationEvent event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (event == null) {
            throw new EngineException(
                    EngineException.Reason.TIMEOUT, "no token came within " + patience.toSeconds() + " s");
        }
        return event;
    }

    @Override
    public void close() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void emit(GenerationEvent event) {
        events.add(event);
    }
}
