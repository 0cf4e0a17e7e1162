package io.orrery.gateway.access;

/** Who answers a route. */
public enum Destination {
    /** This service. */
    HERE,
    /** The inference worker that suits the model that the request's body names. */
    WORKER_FOR_MODEL,
    /** Whichever inference worker is live. */
    ANY_WORKER,
    FINETUNE,
    REGISTRY
}
