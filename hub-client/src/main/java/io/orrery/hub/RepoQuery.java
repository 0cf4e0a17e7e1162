package io.orrery.hub;

import io.orrery.api.hub.RepoType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which repositories are asked for.
 *
 * @param search a part of their ids, or nothing
 * @param author the namespace they are in
 * @param filters tags that they must all have
 * @param sort such as {@code lastModified}, {@code createdAt}, {@code downloads} or {@code likes}
 * @param limit how many at most; absent: all
 */
public record RepoQuery(
        RepoType type, String search, Optional<String> author, List<String> filters, String sort, OptionalInt limit) {
    private static final int PAGE = 500;

    public RepoQuery {
        filters = List.copyOf(filters);
    }

    /** All of them, the newest change first. */
    public static RepoQuery of(RepoType type, String search) {
        return new RepoQuery(type, search, Optional.empty(), List.of(), "lastModified", OptionalInt.empty());
    }

    String query() {
        StringBuilder query = new StringBuilder("?sort=" + HubAddresses.encode(sort));
        query.append("&limit=").append(Math.min(limit.orElse(PAGE), PAGE));
        if (!search.isEmpty()) {
            query.append("&search=").append(HubAddresses.encode(search));
        }
        author.ifPresent(name -> query.append("&author=").append(HubAddresses.encode(name)));
        filters.forEach(tag -> query.append("&filter=").append(HubAddresses.encode(tag)));
        return query.toString();
    }
}
