package io.orrery.registry.catalog;

import io.orrery.registry.wire.HubCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the settings of a repository say that it is. */
@Component
class DescriptionProperty implements InfoProperty {
    private final JdbcClient jdbc;

    DescriptionProperty(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String name() {
        return "description";
    }

    @Override
    public boolean isWanted(HubCall call) {
        return InfoProperty.super.isWanted(call) || call.list("expand").isEmpty();
    }

    @Override
    public Map<Long, String> values(HubCall call, List<Subject> subjects) {
        Map<Long, String> descriptions = new HashMap<>();
        if (!subjects.isEmpty()) {
            jdbc.sql("select id, description from repo where id = any(:ids::bigint[]) and description <> ''")
                    .param(
                            "ids",
                            subjects.stream()
                                    .map(subject -> subject.repo().id())
                                    .toArray(Long[]::new))
                    .query((row, number) -> descriptions.put(row.getLong("id"), row.getString("description")))
                    .list();
        }
        return descriptions;
    }
}
