package io.orrery.engine.ops.contract;

import io.orrery.engine.ops.Ops;

/** A way to compute that is held to the contract. */
public interface Backend {
    /** Closed by its caller. */
    Ops open();

    /** The same on so many threads, where that means anything: results do not depend on it. */
    default Backend withThreads(int threads) {
        return this;
    }
}
