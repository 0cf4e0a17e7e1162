package io.orrery.registry.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Deletes contents that nobody needs: file and row under the row's lock, so that nobody can begin to need one meanwhile. */
@Service
public class ContentSweep {
    private static final Logger LOG = LoggerFactory.getLogger(ContentSweep.class);
    private static final int PAGE = 1000;

    /** Contents whose rows are locked at once, while their files are deleted. */
    private static final int BATCH = 100;

    /** Why contents are deleted, and so which of them are not. */
    private enum Why {
        UNNEEDED,
        FETCHABLE;

        Set<Sha256> kept(ContentReferences by, Collection<Sha256> contents) {
            return this == UNNEEDED ? by.used(contents) : by.neededHere(contents);
        }
    }

    /** What was deleted. */
    public record Swept(long contents, long bytes) {
        public Swept plus(Swept other) {
            return new Swept(contents + other.contents, bytes + other.bytes);
        }
    }

    private final JdbcClient jdbc;
    private final BlobStore store;
    private final SmallContents small;
    private final List<ContentReferences> references;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transactions;

    ContentSweep(
            JdbcClient jdbc,
            BlobStore store,
            SmallContents small,
            List<ContentReferences> references,
            ApplicationEventPublisher events,
            TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.store = store;
        this.small = small;
        this.references = references;
        this.events = events;
        this.transactions = transactions;
    }

    /**
     * Gives a row to what lies in the store without one, because a process died before its transaction ended: as old as it is, it is swept
     * like everything else. Answers how many.
     */
    public long adopt() throws IOException {
        long adopted = 0;
        try (Stream<BlobStore.Stored> all = store.all()) {
            List<BlobStore.Stored> page = new ArrayList<>();
            for (Iterator<BlobStore.Stored> each = all.iterator(); each.hasNext(); ) {
                page.add(each.next());
                if (page.size() == PAGE || !each.hasNext()) {
                    adopted += adopt(page);
                    page.clear();
                }
            }
        }
        return adopted;
    }

    private long adopt(List<BlobStore.Stored> page) {
        return jdbc.sql("""
            insert into content (sha256, size, touched_at)
            select * from unnest(:hashes::text[], :sizes::bigint[], :times::text[]::timestamptz[]) as stored (sha256, size, at)
            where not exists (select from content where content.sha256 = stored.sha256) order by sha256
            on conflict do nothing\
            """)
                .param(
                        "hashes",
                        page.stream().map(stored -> stored.sha256().hex()).toArray(String[]::new))
                .param("sizes", page.stream().map(BlobStore.Stored::size).toArray(Long[]::new))
                .param(
                        "times",
                        page.stream()
                                .map(stored -> stored.storedAt().toString())
                                .toArray(String[]::new))
                .update();
    }

    /**
     * Deletes what is not needed and was not touched since then.
     *
     * @param filesToo false where the caller's transaction will be rolled back
     */
    public Swept sweep(Instant untouchedSince, boolean filesToo) {
        OffsetDateTime since = time(untouchedSince);
        Swept all = new Swept(0, 0);
        Swept swept;
        // one that goes may be the last that needed another
        do {
            swept = sweepOnce(since, filesToo);
            all = all.plus(swept);
        } while (swept.contents() > 0);
        return all;
    }

    private Swept sweepOnce(OffsetDateTime since, boolean filesToo) {
        Swept swept = new Swept(0, 0);
        List<Sha256> page = page("", since);
        while (!page.isEmpty()) {
            List<Sha256> unneeded = new ArrayList<>(page);
            dropKept(unneeded, Why.UNNEEDED);
            for (int from = 0; from < unneeded.size(); from += BATCH) {
                swept = swept.plus(deleteLocked(
                        unneeded.subList(from, Math.min(from + BATCH, unneeded.size())),
                        since,
                        Why.UNNEEDED,
                        filesToo));
            }
            page = page(page.getLast().hex(), since);
        }
        return swept;
    }

    /** Deletes a content that can be fetched again, unless it was touched since then or is needed here. */
    public Swept evict(Sha256 sha256, Instant untouchedSince) {
        return deleteLocked(List.of(sha256), time(untouchedSince), Why.FETCHABLE, true);
    }

    /** Those of contents that must stay even where they can be fetched again. */
    public Set<Sha256> neededHere(Collection<Sha256> contents) {
        Set<Sha256> free = new HashSet<>(contents);
        dropKept(free, Why.FETCHABLE);
        Set<Sha256> needed = new HashSet<>(contents);
        needed.removeAll(free);
        return needed;
    }

    private List<Sha256> page(String after, OffsetDateTime since) {
        return jdbc.sql("select sha256 from content where sha256 > :after and touched_at < :since"
                        + " order by sha256 limit :limit")
                .param("after", after)
                .param("since", since)
                .param("limit", PAGE)
                .query((row, number) -> new Sha256(row.getString("sha256")))
                .list();
    }

    private void dropKept(Collection<Sha256> contents, Why why) {
        for (ContentReferences source : references) {
            if (!contents.isEmpty()) {
                contents.removeAll(why.kept(source, contents));
            }
        }
    }

    /** One that cannot be deleted is tried again the next time. */
    private Swept deleteLocked(List<Sha256> contents, OffsetDateTime since, Why why, boolean filesToo) {
        try {
            return transactions.execute(status -> delete(contents, since, why, filesToo));
        } catch (UncheckedIOException e) {
            LOG.warn("{} contents could not be deleted: {}", contents.size(), e.getMessage());
            return new Swept(0, 0);
        }
    }

    /** Whether they are needed is asked in a statement of its own, which sees what those did who held the rows before. */
    private Swept delete(List<Sha256> contents, OffsetDateTime since, Why why, boolean filesToo) {
        Map<Sha256, Long> sizes = new TreeMap<>(Comparator.comparing(Sha256::hex));
        jdbc.sql("select sha256, size from content where sha256 = any(:hashes::text[]) and touched_at < :since"
                        + " order by sha256 for update skip locked")
                .param("hashes", Sha256.hex(contents))
                .param("since", since)
                .query(row -> {
                    sizes.put(new Sha256(row.getString("sha256")), row.getLong("size"));
                });
        dropKept(sizes.keySet(), why);
        if (sizes.isEmpty()) {
            return new Swept(0, 0);
        }
        long freed = stored(sizes);
        events.publishEvent(new ContentsGone(sizes.keySet(), why == Why.UNNEEDED));
        if (filesToo) {
            sizes.keySet().forEach(this::deleteFile);
        }
        jdbc.sql("delete from content where sha256 = any(:hashes::text[])")
                .param("hashes", Sha256.hex(sizes.keySet()))
                .update();
        return new Swept(sizes.size(), freed);
    }

    /** Bytes of those that are kept as such, and not as a list of others. */
    private long stored(Map<Sha256, Long> sizes) {
        Set<Sha256> here = new HashSet<>(small.among(sizes.keySet()));
        try {
            for (Sha256 sha256 : sizes.keySet()) {
                if (store.find(sha256).isPresent()) {
                    here.add(sha256);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return here.stream().mapToLong(sizes::get).sum();
    }

    private void deleteFile(Sha256 sha256) {
        try {
            store.delete(sha256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
