package io.orrery.registry.catalog;

import io.orrery.registry.wire.HubCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What other features add to infos. */
@Component
class InfoProperties {
    private final List<InfoProperty> properties;
    private final JsonMapper json;

    InfoProperties(List<InfoProperty> properties, JsonMapper json) {
        this.properties = properties;
        this.json = json;
    }

    /** The values that a call wants, by their names and then the repositories' keys. */
    Map<String, Map<Long, ?>> of(HubCall call, List<InfoProperty.Subject> subjects) {
        Map<String, Map<Long, ?>> values = new HashMap<>();
        properties.stream()
                .filter(property -> property.isWanted(call))
                .forEach(property -> values.put(property.name(), property.values(call, subjects)));
        return values;
    }

    void add(ObjectNode info, long repoId, Map<String, Map<Long, ?>> values) {
        values.forEach((name, byRepo) -> {
            if (byRepo.containsKey(repoId)) {
                info.set(name, json.valueToTree(byRepo.get(repoId)));
            }
        });
    }
}
