package io.orrery.finetune.worker;

import java.util.concurrent.atomic.AtomicReference;

/** Why a run should end; the first reason stays, but for a lost lease, after which nothing may be written. Safe for many threads. */
final class StopSwitch {
    enum Reason {
        NONE,
        CANCELLED,
        SHUTDOWN,
        LOST
    }

    private final AtomicReference<Reason> reason = new AtomicReference<>(Reason.NONE);

    void stop(Reason why) {
        reason.updateAndGet(now -> now == Reason.NONE || why == Reason.LOST ? why : now);
    }

    Reason reason() {
        return reason.get();
    }

    boolean isStopped() {
        return reason.get() != Reason.NONE;
    }

    void check() {
        if (isStopped()) {
            throw new StoppedException();
        }
    }
}
