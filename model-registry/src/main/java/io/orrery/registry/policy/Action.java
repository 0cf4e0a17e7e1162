package io.orrery.registry.policy;

/** What follows from a rule that content does not keep. */
public enum Action {
    /** Nothing. */
    ALLOW,
    /** The content is taken, and whoever gets it is warned. */
    FLAG,
    /** The content is refused. */
    BLOCK
}
