package io.orrery.registry.resolve;

import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.wire.HubCall;

/** Is told of every file that is about to be answered with, before its first byte; must be quick. */
public interface ResolveObserver {
    void resolving(HubCall call, Repo repo, Commit commit, TreeItem file);
}
