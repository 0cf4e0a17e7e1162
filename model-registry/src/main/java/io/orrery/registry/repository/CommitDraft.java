package io.orrery.registry.repository;

import java.util.List;
import java.util.Optional;

/**
 * A commit to be made.
 *
 * @param parent at least 7 digits of the commit that must be the branch's head
 */
public record CommitDraft(
        String branch, Optional<String> parent, String title, String description, String author, List<Change> changes) {
    public CommitDraft {
        changes = List.copyOf(changes);
    }
}
