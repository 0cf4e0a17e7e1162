package io.orrery.registry.lineage;

import io.orrery.api.hub.RepoType;
import java.util.Optional;

/**
 * A step between two repositories.
 *
 * @param child key of the younger one
 * @param parentName as the younger one writes it
 * @param parent key of the older one, where it is here
 * @param source the file that says so
 */
record Step(
        long child,
        RepoType parentType,
        String parentName,
        Optional<Long> parent,
        String relation,
        Optional<String> revision,
        String source) {}
