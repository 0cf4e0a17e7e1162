package io.orrery.registry.policy;

import java.util.List;

/**
 * What the rules say of a proposal.
 *
 * @param blocked why it must not be kept; empty where it may be
 * @param flagged of what whoever gets it is to be warned
 */
public record Verdict(List<Violation> blocked, List<Violation> flagged) {
    public Verdict {
        blocked = List.copyOf(blocked);
        flagged = List.copyOf(flagged);
    }

    public boolean isBlocked() {
        return !blocked.isEmpty();
    }

    /**
     * A rule that a file does not keep.
     *
     * @param rule its key under {@code orrery.registry.policy}
     * @param sentence that names file and rule and says what to do
     */
    public record Violation(String path, String rule, String sentence) {}
}
