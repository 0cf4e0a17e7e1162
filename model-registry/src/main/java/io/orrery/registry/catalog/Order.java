package io.orrery.registry.catalog;

import io.orrery.registry.wire.HubProblem;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What a list is sorted by; rows with the same value follow their keys, so that a page can begin behind any row. The Hub does not tell how it
 * measures trends; here they are the downloads of the last 30 days.
 */
enum Order {
    NAME("lower(r.name)", "text"),
    ID("r.public_id", "text"),
    LAST_MODIFIED("r.updated_at", "timestamptz"),
    CREATED_AT("r.created_at", "timestamptz"),
    DOWNLOADS("coalesce(d.recent, 0)", "bigint"),
    LIKES("(select count(*) from repo_like l where l.repo_id = r.id)", "bigint");

    private final String sql;
    private final String type;

    Order(String sql, String type) {
        this.sql = sql;
        this.type = type;
    }

    /** The value, of the tables as {@link Catalog} names them. */
    String sql() {
        return sql;
    }

    /** Names alone begin with the smallest, unless a direction is asked for. */
    boolean isDescending(Optional<String> direction) {
        return direction.map(text -> text.equals("-1")).orElse(this != NAME);
    }

    /** The rows behind one, by the parameters {@code afterValue} and {@code afterId}. */
    String after(boolean descending) {
        return "(" + sql + ", r.id) " + (descending ? "<" : ">") + " (cast(:afterValue as " + type + "), :afterId)";
    }

    String by(boolean descending) {
        String direction = descending ? " desc" : "";
        return "order by " + sql + direction + ", r.id" + direction;
    }

    /** The value of a cursor as the database takes it. */
    Object value(String text) {
        try {
            return switch (type) {
                case "bigint" -> Long.parseLong(text);
                case "timestamptz" -> OffsetDateTime.parse(text);
                default -> text;
            };
        } catch (NumberFormatException | DateTimeParseException e) {
            throw HubProblem.badRequest("The cursor is none of this list: it begins behind '" + text + "'");
        }
    }

    static Order of(String sort) {
        return switch (sort) {
            case "" -> NAME;
            case "_id" -> ID;
            case "lastModified", "last_modified" -> LAST_MODIFIED;
            case "createdAt", "created_at" -> CREATED_AT;
            case "downloads", "trendingScore", "trending_score" -> DOWNLOADS;
            case "likes" -> LIKES;
            default ->
                throw HubProblem.badRequest("Unknown sort '" + sort
                        + "'; choose lastModified, createdAt, downloads, likes, trendingScore or _id");
        };
    }
}
