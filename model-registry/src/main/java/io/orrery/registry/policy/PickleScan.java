package io.orrery.registry.policy;

import io.orrery.engine.checkpoint.pickle.PickleImports.Import;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is known of a content that is named as a pickle. */
sealed interface PickleScan {
    /** Nothing yet. */
    record Queued() implements PickleScan {}

    /** Nothing, since it is not here. */
    record Absent() implements PickleScan {}

    /**
     * All that can be told.
     *
     * @param isPickle whether it is one
     * @param problem why it could not be read to its end
     */
    record Done(boolean isPickle, List<Import> imports, Optional<String> problem) implements PickleScan {
        public Done {
            imports = List.copyOf(imports);
        }

        /** Of the worst import; what cannot be read to its end is at least suspicious. */
        ImportSafety safety() {
            ImportSafety worst = imports.stream()
                    .map(ImportSafety::of)
                    .max(Comparator.naturalOrder())
                    .orElse(ImportSafety.INNOCUOUS);
            return problem.isPresent() && worst == ImportSafety.INNOCUOUS ? ImportSafety.SUSPICIOUS : worst;
        }

        /** The imports for which it is not innocuous. */
        List<String> reasons() {
            return imports.stream()
                    .filter(imported -> ImportSafety.of(imported) == safety())
                    .map(Import::toString)
                    .toList();
        }
    }
}
