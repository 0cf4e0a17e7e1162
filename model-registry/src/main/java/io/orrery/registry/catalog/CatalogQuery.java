package io.orrery.registry.catalog;

import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubCall;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a list is to hold, and where in it a page begins.
 *
 * @param limit how many a page has
 */
record CatalogQuery(Conditions conditions, Order order, boolean isDescending, int limit, Optional<Position> after) {
    private static final int MAX_LIMIT = 1000;

    /** Of repositories whose files are listed, too. */
    private static final int MAX_WITH_FILES = 100;

    /** What tags of models are asked for with, though the tags themselves are bare. */
    private static final List<String> KINDS = List.of("language:", "library:", "pipeline_tag:");

    private static final String VISIBLE =
            "not r.disabled and (not r.is_private or r.owner = :caller or r.project = :project)";

    /** @param position of the row before, as its cursor says */
    static CatalogQuery of(HubCall call, String position, boolean withFiles) {
        Conditions conditions =
                new Conditions().add("r.type = :type", "type", call.type().name());
        addVisibility(conditions, call.caller());
        addName(conditions, call);
        addTags(conditions, call);
        Properties.of(call).addTo(conditions);
        Order order = Order.of(call.query("sort").orElse(""));
        int most = withFiles ? MAX_WITH_FILES : MAX_LIMIT;
        return new CatalogQuery(
                conditions,
                order,
                order.isDescending(call.query("direction")),
                call.limit(most, most),
                Position.parse(position, order));
    }

    static void addVisibility(Conditions conditions, Caller caller) {
        if (!caller.seesEverything()) {
            conditions
                    .add(VISIBLE, "caller", caller.name())
                    .values()
                    .put("project", caller.project().orElse(null));
        }
    }

    /** Each word that is searched for must be a part of the id. */
    private static void addName(Conditions conditions, HubCall call) {
        conditions.addIf(
                call.query("author").map(name -> name.toLowerCase(Locale.ROOT)),
                "lower(split_part(r.name, '/', 1)) = :author",
                "author");
        int number = 0;
        for (String word : call.query("search").orElse("").strip().split("\\s+", 20)) {
            if (!word.isEmpty()) {
                String name = "word" + number++;
                String literal = word.toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1");
                conditions.add("lower(r.name) like :" + name, name, "%" + literal + "%");
            }
        }
    }

    private static void addTags(Conditions conditions, HubCall call) {
        List<String> all = new ArrayList<>();
        List<String> filters = new ArrayList<>(call.list("filter"));
        filters.addAll(call.list("tags"));
        filters.forEach(filter -> all.addAll(List.of(filter.split(","))));
        int number = 0;
        for (String filter : new LinkedHashSet<>(all)) {
            String name = "tag" + number++;
            conditions.add(
                    "f.tags && :" + name + "::text[]", name, spellings(filter).toArray(String[]::new));
        }
        conditions.addIf(call.query("pipeline_tag"), "f.pipeline_tag = :pipeline", "pipeline");
        call.query("gated")
                .ifPresent(asked -> conditions.add(
                        asked.equalsIgnoreCase("true") || asked.equals("1")
                                ? "r.gated is not null"
                                : "r.gated is null"));
    }

    private static Set<String> spellings(String filter) {
        Set<String> spellings = new LinkedHashSet<>(List.of(filter));
        KINDS.stream().filter(filter::startsWith).forEach(kind -> spellings.add(filter.substring(kind.length())));
        return spellings;
    }
}
