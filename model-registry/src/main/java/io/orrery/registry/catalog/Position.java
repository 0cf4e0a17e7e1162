package io.orrery.registry.catalog;

import io.orrery.registry.wire.HubProblem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The row that a page begins behind.
 *
 * @param value what the list is sorted by
 * @param id the repository's key
 */
record Position(Order order, String value, long id) {
    private static final Pattern TEXT = Pattern.compile("([A-Z_]{1,20}) (\\d{1,18}) (.{1,200})");

    /** @param text of a cursor, which is of this order alone */
    static Optional<Position> parse(String text, Order order) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches() || !parts.group(1).equals(order.name())) {
            throw HubProblem.badRequest(
                    "The cursor is none of this list; go on with the address that the page before names, or without a"
                            + " cursor");
        }
        return Optional.of(new Position(order, parts.group(3), Long.parseLong(parts.group(2))));
    }

    String text() {
        return order + " " + id + " " + value;
    }
}
