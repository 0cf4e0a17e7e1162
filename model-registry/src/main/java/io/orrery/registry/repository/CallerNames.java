package io.orrery.registry.repository;

import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.CallerObserver;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What people call those who wrote something here. Rows keep the names that rights go by, since two callers may be called the same; what
 * people call them is looked up when a row is shown, which holds for rows from before it was known, too.
 */
@Service
public class CallerNames implements CallerObserver {
    private final JdbcClient jdbc;

    CallerNames(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The newest name holds; where it is known already nothing is written. */
    @Override
    @Transactional
    public void changing(Caller caller) {
        caller.displayName()
                .ifPresent(name -> jdbc.sql("""
            insert into caller_name (caller, name)
            select :caller, :name
            where not exists (select 1 from caller_name where caller = :caller and name = :name)
            on conflict (caller) do update set name = excluded.name\
            """)
                        .param("caller", caller.name())
                        .param("name", name)
                        .update());
    }

    /** How to show some callers: whoever no name is known of is shown as the tokens have it. */
    public UnaryOperator<String> of(Collection<String> callers) {
        Map<String, String> names = new HashMap<>();
        if (!callers.isEmpty()) {
            jdbc.sql("select caller, name from caller_name where caller = any(:callers::text[])")
                    .param("callers", callers.stream().distinct().toArray(String[]::new))
                    .query((row, number) -> names.put(row.getString("caller"), row.getString("name")))
                    .list();
        }
        return caller -> names.getOrDefault(caller, caller);
    }
}
