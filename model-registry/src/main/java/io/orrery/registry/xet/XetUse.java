package io.orrery.registry.xet;

import io.orrery.registry.catalog.InfoProperty;
import io.orrery.registry.wire.HubCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Tells clients whether to send large files over Xet: Python's of 0.30 to 0.35 do so only where the info says so. Their downloads go by the
 * headers of the file instead, so that a mirrored repository, which takes no uploads, need not have it.
 */
@Component
class XetUse implements InfoProperty {
    @Override
    public String name() {
        return "xetEnabled";
    }

    @Override
    public Map<Long, Boolean> values(HubCall call, List<Subject> subjects) {
        Map<Long, Boolean> values = new HashMap<>();
        subjects.forEach(
                subject -> values.put(subject.repo().id(), !subject.repo().mirrored()));
        return values;
    }
}
