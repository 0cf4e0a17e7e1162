package io.orrery.registry.keeping;

import java.time.Instant;

/**
 * What a collection did, or would have done.
 *
 * @param untouchedSince what was used later stays
 * @param adopted contents that lay in the store without a row
 */
record Collected(
        boolean dryRun,
        Instant startedAt,
        Instant endedAt,
        Instant untouchedSince,
        long adopted,
        Gone gone,
        Kept kept) {
    /**
     * What was deleted.
     *
     * @param commits that no ref led to
     * @param belongings notes of repositories about contents that their commits have not
     * @param bytes of the contents
     */
    record Gone(long commits, long trees, long blobs, long belongings, long contents, long bytes) {}

    /**
     * What commits have.
     *
     * @param missingTrees that commits have and the database has not
     */
    record Kept(long trees, long blobs, long missingTrees) {}
}
