package io.orrery.registry.blob;

import java.util.Set;

/**
 * Contents are deleted. Published as an event inside the transaction that deletes them; a listener deletes what it keeps
 * about them in the database and nothing else, for the transaction may be rolled back.
 *
 * @param forGood whether nobody needs them; else they can be fetched again, and what was read of them stays true
 */
public record ContentsGone(Set<Sha256> contents, boolean forGood) {
    public ContentsGone {
        contents = Set.copyOf(contents);
    }
}
