package io.orrery.api.hub;

import java.time.Instant;
import java.util.List;

/** A commit in a history, newest first. */
public record HistoryEntry(String id, String title, String message, List<Author> authors, Instant date) {
    /** Who committed. */
    public record Author(String user) {}
}
