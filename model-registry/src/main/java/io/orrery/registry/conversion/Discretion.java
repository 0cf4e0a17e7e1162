package io.orrery.registry.conversion;

import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubProblem;

/** Keeps what not everybody may read from becoming public in another form. */
final class Discretion {
    private Discretion() {}

    static boolean isNeeded(Repo source) {
        return source.isPrivate() || source.gated().isPresent();
    }

    /** @throws HubProblem where the result of a source would be seen by more people than the source */
    static void require(Repo source, String target, boolean isPrivate) {
        if (isNeeded(source) && !isPrivate) {
            throw HubProblem.forbidden("Forbidden: " + source.name() + " is "
                    + (source.isPrivate() ? "private" : "for those who were let in") + ", so that " + target
                    + ", which is made of it, must be private");
        }
    }
}
