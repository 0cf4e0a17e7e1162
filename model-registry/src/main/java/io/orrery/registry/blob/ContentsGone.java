package io.orrery.registry.blob;

import java.util.Set;

/**
 * Contents that nobody needs are deleted. Published as an event inside the transaction that deletes them; a listener deletes what it keeps
 * about them in the database and nothing else, for the transaction may be rolled back.
 */
public record ContentsGone(Set<Sha256> contents) {
    public ContentsGone {
        contents = Set.copyOf(contents);
    }
}
