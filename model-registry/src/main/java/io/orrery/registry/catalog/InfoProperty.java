package io.orrery.registry.catalog;

import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubCall;

/** A property of infos that another feature knows, and that is computed only for who asks for it. */
public interface InfoProperty {
    /** Its key in the info and in {@code expand}. */
    String name();

    /** Its value, fit for JSON. */
    Object value(HubCall call, Repo repo, Commit commit);

    default boolean isWanted(HubCall call) {
        return call.list("expand").contains(name());
    }
}
