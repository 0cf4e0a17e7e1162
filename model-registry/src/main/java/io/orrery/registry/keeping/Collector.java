package io.orrery.registry.keeping;

import io.orrery.registry.blob.BlobStore;
import io.orrery.registry.blob.ContentSweep;
import io.orrery.registry.blob.PartialContents;
import io.orrery.registry.repository.ObjectSweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes what no ref leads to and nobody was given lately: commits, trees, blobs, and contents with their files. One collection runs at a
 * time over all processes, beside uploads and commits.
 */
@Service
class Collector {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
    private static final long LOCK = 0x6f72726572790002L;

    /** A transfer to a bucket that takes longer is taken for a dead process's. */
    private static final Duration LONGEST_TRANSFER = Duration.ofDays(2);

    private final DataSource database;
    private final OpenTransactions open;
    private final ObjectSweep objects;
    private final ContentSweep contents;
    private final BlobStore store;
    private final PartialContents partial;
    private final TransactionTemplate transactions;
    private final CollectionProperties properties;

    Collector(
            DataSource database,
            OpenTransactions open,
            ObjectSweep objects,
            ContentSweep contents,
            BlobStore store,
            PartialContents partial,
            TransactionTemplate transactions,
            CollectionProperties properties) {
        this.database = database;
        this.open = open;
        this.objects = objects;
        this.contents = contents;
        this.store = store;
        this.partial = partial;
        this.transactions = transactions;
        this.properties = properties;
    }

    /** Empty where another collection runs. */
    Optional<Collected> collect(Duration grace) throws InterruptedException {
        Optional<ClusterLock> lock = ClusterLock.tryLock(database, LOCK);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try (ClusterLock held = lock.get()) {
            Instant start = open.now();
            Instant since = start.minus(grace);
            long adopted = adopt();
            long commits = objects.commits(since);
            if (!open.awaitEnd(open.now(), properties.patience())) {
                throw new IllegalStateException("a transaction has been open for more than " + properties.patience()
                        + "; pg_stat_activity names it. Nothing but " + commits + " commits was deleted");
            }
            Collected collected = sweep(start, since, adopted, commits, false);
            sweepTransfers(start, since);
            LOG.info("{}", collected);
            return Optional.of(collected);
        }
    }

    /** What a collection would do now: it is done in one transaction, without the files, and taken back. */
    Collected rehearse(Duration grace) {
        return transactions.execute(status -> {
            status.setRollbackOnly();
            Instant start = open.now();
            Instant since = start.minus(grace);
            return sweep(start, since, adopt(), objects.commits(since), true);
        });
    }

    private Collected sweep(Instant start, Instant since, long adopted, long commits, boolean dryRun) {
        ObjectSweep.Marked marked = objects.mark(since);
        long trees = objects.trees(marked.marks(), since);
        long blobs = objects.blobs(marked.marks(), since);
        ContentSweep.Swept swept = contents.sweep(since, !dryRun);
        return new Collected(
                dryRun,
                start,
                open.now(),
                since,
                adopted,
                new Collected.Gone(commits, trees, blobs, marked.belongings(), swept.contents(), swept.bytes()),
                new Collected.Kept(marked.marks().trees(), marked.marks().blobs(), marked.missingTrees()));
    }

    private long adopt() {
        try {
            return contents.adopt();
        } catch (IOException e) {
            throw new UncheckedIOException("the store could not be listed", e);
        }
    }

    /** Parts of uploads wait for the rest as long as everything else waits for its commit. */
    private void sweepTransfers(Instant start, Instant since) {
        try {
            partial.sweep(since);
            store.sweepUnfinished(start.minus(LONGEST_TRANSFER));
        } catch (IOException e) {
            LOG.warn("What unfinished uploads left in the store stays until the next collection: {}", e.getMessage());
        }
    }
}
