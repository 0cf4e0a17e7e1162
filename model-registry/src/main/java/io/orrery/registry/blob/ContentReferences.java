package io.orrery.registry.blob;

import java.util.Collection;
import java.util.Set;

/** Knows contents that are needed; every such bean is asked before contents are deleted. */
public interface ContentReferences {
    /**
     * Those of the contents that are needed now. Asked inside the transaction that deletes the others, when it holds the locks of their rows:
     * whoever begins to need a content holds its row too, by {@link Contents#hold}, and writes down that it does in the same transaction.
     */
    Set<Sha256> used(Collection<Sha256> contents);

    /** Of those, the ones that must stay even where another hub has them and they can be fetched again. Asked as {@link #used} is. */
    default Set<Sha256> neededHere(Collection<Sha256> contents) {
        return used(contents);
    }
}
