package io.orrery.registry.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What repositories of a list must be, in SQL: only what is asked for stands in the statement, so that indexes are used. */
final class Conditions {
    private final List<String> sql = new ArrayList<>();
    private final Map<String, @Nullable Object> values = new HashMap<>();

    Conditions add(String condition) {
        sql.add(condition);
        return this;
    }

    /** @param name of the condition's parameter */
    Conditions add(String condition, String name, @Nullable Object value) {
        values.put(name, value);
        return add(condition);
    }

    <T> Conditions addIf(Optional<T> asked, String condition, String name) {
        asked.ifPresent(value -> add(condition, name, value));
        return this;
    }

    String sql() {
        return String.join("\nand ", sql);
    }

    Map<String, @Nullable Object> values() {
        return values;
    }
}
