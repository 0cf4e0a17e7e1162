package io.orrery.registry.conversion;

import io.orrery.api.identity.Scope;
import io.orrery.registry.repository.RepoName;
import io.orrery.registry.wire.Caller;
import java.util.Optional;
import java.util.Set;

/**
 * What was asked for.
 *
 * @param type of the numbers; empty where they stay
 * @param target the repository that gets the result
 * @param isPrivate whether the target is made private
 */
record Order(
        String id,
        Customer customer,
        Kind kind,
        Optional<String> type,
        Origin source,
        RepoName target,
        boolean isPrivate,
        boolean allowRequantize) {
    /**
     * Whose rights count.
     *
     * @param seesEverything as {@link Caller#seesEverything}
     */
    record Customer(String name, Optional<String> project, boolean seesEverything) {
        static Customer of(Caller caller) {
            return new Customer(caller.name(), caller.project(), caller.seesEverything());
        }

        /** As when it was asked for; what the name may do is looked up again. */
        Caller caller() {
            Set<Scope> scopes = seesEverything
                    ? Set.of(Scope.MODELS_READ, Scope.MODELS_WRITE, Scope.ADMIN)
                    : Set.of(Scope.MODELS_READ, Scope.MODELS_WRITE);
            return new Caller(name, project, scopes, false);
        }
    }

    /**
     * What is converted.
     *
     * @param repo key of the repository
     * @param name of the repository when it was asked for
     * @param commit 40-hex
     * @param file the GGUF file that is meant
     */
    record Origin(long repo, String name, String commit, Optional<String> file) {}

    /** Whether it is another's business. */
    boolean isOf(Caller caller) {
        return caller.seesEverything()
                || customer.name().equals(caller.name())
                || (customer.project().isPresent() && customer.project().equals(caller.project()));
    }
}
