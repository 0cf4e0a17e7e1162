package io.orrery.registry.mirror;

import io.orrery.registry.blob.ContentReferences;
import io.orrery.registry.blob.Sha256;
import java.util.Collection;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What a pinned revision has is needed here, though it could be fetched again. */
@Component
class PinnedContents implements ContentReferences {
    private final Pins pins;

    PinnedContents(Pins pins) {
        this.pins = pins;
    }

    @Override
    public Set<Sha256> used(Collection<Sha256> contents) {
        return pins.pinned(contents);
    }
}
