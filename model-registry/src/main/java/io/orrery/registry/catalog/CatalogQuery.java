package io.orrery.registry.catalog;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a list is to hold.
 *
 * @param filters tags that a repository must all have
 * @param offset how many are known already
 */
record CatalogQuery(
        RepoType type,
        Optional<String> search,
        Optional<String> author,
        List<String> filters,
        Optional<String> pipelineTag,
        Properties properties,
        Order order,
        int limit,
        int offset,
        Caller caller) {
    private static final int MAX_LIMIT = 1000;

    /** Newest change first, most downloads first, newest repository first, or by name where the Hub's measure is not kept here. */
    enum Order {
        LAST_MODIFIED("r.updated_at desc, r.id desc"),
        DOWNLOADS("coalesce(d.recent, 0) desc, r.id desc"),
        CREATED_AT("r.created_at desc, r.id desc"),
        NAME("lower(r.name), r.id");

        private final String sql;

        Order(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }

        static Order of(String sort) {
            return switch (sort) {
                case "lastModified", "last_modified" -> LAST_MODIFIED;
                case "createdAt", "created_at" -> CREATED_AT;
                case "downloads" -> DOWNLOADS;
                case "", "likes", "trendingScore", "trending_score" -> NAME;
                default ->
                    throw HubProblem.badRequest("Unknown sort '" + sort
                            + "'; choose lastModified, createdAt, downloads, likes or trendingScore");
            };
        }
    }

    static CatalogQuery of(HubCall call, String position) {
        List<String> filters = new ArrayList<>();
        call.list("filter").forEach(filter -> filters.addAll(List.of(filter.split(","))));
        return new CatalogQuery(
                call.type(),
                call.query("search"),
                call.query("author"),
                filters,
                call.query("pipeline_tag"),
                Properties.of(call),
                Order.of(call.query("sort").orElse("")),
                call.limit(MAX_LIMIT, MAX_LIMIT),
                offset(position),
                call.caller());
    }

    private static int offset(String position) {
        if (position.isEmpty()) {
            return 0;
        }
        if (!position.matches("\\d{1,9}")) {
            throw HubProblem.badRequest("The cursor is not one of this server's: "
                    + new String(position.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII));
        }
        return Integer.parseInt(position);
    }
}
