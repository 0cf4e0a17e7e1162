package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit in a history, newest first.
 *
 * @param title first line of its message
 * @param message the rest of it
 * @param formatted only on request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryEntry(
        String id,
        String title,
        String message,
        List<Author> authors,
        Instant date,
        @Nullable Formatted formatted) {
    /** Who committed. */
    public record Author(String user) {}

    /** Title and message as HTML on the Hub; as they are here. */
    public record Formatted(String title, String message) {}
}
