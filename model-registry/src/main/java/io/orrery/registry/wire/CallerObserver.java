package io.orrery.registry.wire;

/** Learns who changes something here, before it is done; callers without a name, and those whose address is their right, are left out. */
@FunctionalInterface
public interface CallerObserver {
    void changing(Caller caller);
}
