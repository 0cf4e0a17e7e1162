package io.orrery.registry.xet;

import io.orrery.registry.repository.ContentAccess;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a token allows: to read or to write contents of a repository, in somebody's name.
 *
 * @param seesEverything whether he sees the repositories of others too
 */
record XetGrant(long repoId, String caller, Optional<String> project, boolean seesEverything, boolean mayWrite) {
    /** The parameters by which queries know what he may see. */
    Map<String, Object> visibility() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("repo", repoId);
        parameters.put("all", seesEverything);
        parameters.put("caller", caller);
        parameters.put("project", project.orElse(null));
        parameters.put("everybody", ContentAccess.EVERYBODY);
        return parameters;
    }
}
