package io.orrery.registry.catalog;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Whose namespaces there are. People and projects are the gateway's, so a name is known here by the repositories under it alone, of which
 * the caller may see some.
 */
@Component
class OwnerRoutes implements HubRoutes {
    private record Person(
            String user,
            String fullname,
            String avatarUrl,
            String type,
            boolean isPro,
            long numModels,
            long numDatasets,
            long numSpaces) {}

    private record Organization(
            String name,
            String fullname,
            String avatarUrl,
            String type,
            boolean isVerified,
            long numModels,
            long numDatasets,
            long numSpaces) {}

    private final JdbcClient jdbc;

    OwnerRoutes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/api/users/{user}/overview", this::person),
                HubRoute.read(HttpMethod.GET, "/api/organizations/{organization}/overview", this::organization));
    }

    private ServerResponse person(HubCall call) {
        String name = call.rest().getFirst();
        Map<RepoType, Long> counts = counts(call, name);
        return ServerResponse.ok()
                .body(new Person(
                        name,
                        name,
                        "",
                        "user",
                        false,
                        counts.getOrDefault(RepoType.MODEL, 0L),
                        counts.getOrDefault(RepoType.DATASET, 0L),
                        counts.getOrDefault(RepoType.SPACE, 0L)));
    }

    private ServerResponse organization(HubCall call) {
        String name = call.rest().getFirst();
        Map<RepoType, Long> counts = counts(call, name);
        return ServerResponse.ok()
                .body(new Organization(
                        name,
                        name,
                        "",
                        "org",
                        false,
                        counts.getOrDefault(RepoType.MODEL, 0L),
                        counts.getOrDefault(RepoType.DATASET, 0L),
                        counts.getOrDefault(RepoType.SPACE, 0L)));
    }

    private Map<RepoType, Long> counts(HubCall call, String namespace) {
        Conditions conditions =
                new Conditions().add("lower(split_part(r.name, '/', 1)) = lower(:namespace)", "namespace", namespace);
        CatalogQuery.addVisibility(conditions, call.caller());
        Map<RepoType, Long> counts = new EnumMap<>(RepoType.class);
        jdbc.sql("select r.type, count(*) as repos from repo r where " + conditions.sql() + " group by r.type")
                .params(conditions.values())
                .query((row, number) -> counts.put(RepoType.valueOf(row.getString("type")), row.getLong("repos")))
                .list();
        if (counts.isEmpty()) {
            throw HubProblem.of(404, "Nothing is under the name '" + namespace + "' here");
        }
        return counts;
    }
}
