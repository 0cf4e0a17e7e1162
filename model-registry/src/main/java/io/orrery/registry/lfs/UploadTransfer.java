package io.orrery.registry.lfs;

import io.orrery.api.hub.LfsBatchAnswer.Action;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubCall;

/** Another way than putting contents whole, which a client may offer to take. */
public interface UploadTransfer {
    /** What clients call it. */
    String name();

    /** Where such an upload to a repository begins. */
    Action upload(HubCall call, Repo repo);
}
