package io.orrery.hub;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Listings that come in pages, each of which links to the next. */
final class HubPages {
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");

    private final HubConnection hub;

    HubPages(HubConnection hub) {
        this.hub = hub;
    }

    /** Items of as many pages as it takes to have {@code limit} of them, or of all pages. */
    <T> List<T> all(URI first, Class<T[]> type, OptionalInt limit) {
        List<T> all = new ArrayList<>();
        Optional<URI> next = Optional.of(first);
        while (next.isPresent() && all.size() < limit.orElse(Integer.MAX_VALUE)) {
            HttpResponse<byte[]> page = hub.get(next.get());
            all.addAll(List.of(hub.parse(next.get(), page.body(), type)));
            next = page.headers()
                    .firstValue("Link")
                    .map(NEXT::matcher)
                    .filter(Matcher::find)
                    .map(link -> URI.create(link.group(1)));
        }
        return limit.isPresent() && all.size() > limit.getAsInt() ? List.copyOf(all.subList(0, limit.getAsInt())) : all;
    }
}
