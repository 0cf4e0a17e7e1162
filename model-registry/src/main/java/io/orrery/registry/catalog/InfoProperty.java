package io.orrery.registry.catalog;

import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubCall;
import java.util.List;
import java.util.Map;

/** A property of infos that another feature knows, and that is computed only for who asks for it. */
public interface InfoProperty {
    /** A repository at a commit. */
    record Subject(Repo repo, String sha) {}

    /** Its key in the info and in {@code expand}. */
    String name();

    /** Its values, fit for JSON, by the repositories' keys; those without one are left out. */
    Map<Long, ?> values(HubCall call, List<Subject> subjects);

    default boolean isWanted(HubCall call) {
        return call.list("expand").contains(name());
    }
}
