package io.orrery.registry.keeping;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.orrery.registry.blob.ContentSweep;
import io.orrery.registry.blob.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Makes room among the contents that another hub has, those first that were not used for longest. What a repository of ours was given, what
 * is pinned and what other contents are made of stays. Who reads a file whose content went has it fetched again.
 */
@Service
class Eviction {
    private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);
    private static final long LOCK = 0x6f72726572790005L;
    private static final int PAGE = 200;

    /** Files inside git are small, and nothing tells which of them a repository of ours has, too. */
    private static final String MIRRORED = """
        from content c where exists (select from mirrored_content m where m.sha256 = c.sha256)
        and exists (select from git_blob b where b.content_sha256 = c.sha256 and b.lfs)
        and not exists (select from lfs_object o where o.sha256 = c.sha256)\
        """;

    private record Candidate(Sha256 sha256, OffsetDateTime touchedAt) {}

    private final DataSource database;
    private final JdbcClient jdbc;
    private final OpenTransactions open;
    private final ContentSweep contents;
    private final Counter gone;

    Eviction(DataSource database, JdbcClient jdbc, OpenTransactions open, ContentSweep contents, MeterRegistry meters) {
        this.database = database;
        this.jdbc = jdbc;
        this.open = open;
        this.contents = contents;
        this.gone = Counter.builder("orrery.registry.evicted")
                .baseUnit("bytes")
                .description("Size of mirrored contents that were deleted to make room")
                .register(meters);
    }

    /** The bytes that only mirrored repositories have. */
    long kept() {
        return jdbc.sql("select coalesce(sum(c.size), 0) " + MIRRORED)
                .query(Long.class)
                .single();
    }

    /** Empty where another eviction runs. */
    Optional<Evicted> evict(long most, Duration grace) {
        Optional<ClusterLock> lock = ClusterLock.tryLock(database, LOCK);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try (ClusterLock held = lock.get()) {
            long kept = kept();
            ContentSweep.Swept swept = makeRoom(kept - most, open.now().minus(grace));
            Evicted evicted = new Evicted(swept.contents(), swept.bytes(), kept - swept.bytes(), most);
            gone.increment(swept.bytes());
            if (swept.contents() > 0) {
                LOG.info("{}", evicted);
            }
            if (evicted.kept() > most) {
                LOG.warn(
                        "{} bytes of another hub are kept, which is more than {}: the rest is pinned, in use or new",
                        evicted.kept(),
                        most);
            }
            return Optional.of(evicted);
        }
    }

    private ContentSweep.Swept makeRoom(long needed, Instant untouchedSince) {
        ContentSweep.Swept all = new ContentSweep.Swept(0, 0);
        Optional<Candidate> last = Optional.empty();
        while (all.bytes() < needed) {
            List<Candidate> page = oldest(last, untouchedSince);
            if (page.isEmpty()) {
                return all;
            }
            last = Optional.of(page.getLast());
            Set<Sha256> stay =
                    contents.neededHere(page.stream().map(Candidate::sha256).toList());
            for (Candidate candidate : page) {
                if (all.bytes() < needed && !stay.contains(candidate.sha256())) {
                    all = all.plus(contents.evict(candidate.sha256(), untouchedSince));
                }
            }
        }
        return all;
    }

    private List<Candidate> oldest(Optional<Candidate> after, Instant untouchedSince) {
        return jdbc.sql("select c.sha256, c.touched_at " + MIRRORED + """
             and c.touched_at < :since and (c.touched_at, c.sha256) > (:at, :hash)
            order by c.touched_at, c.sha256 limit :limit\
            """)
                .param("since", OffsetDateTime.ofInstant(untouchedSince, ZoneOffset.UTC))
                .param(
                        "at",
                        after.map(Candidate::touchedAt).orElse(OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC)))
                .param("hash", after.map(one -> one.sha256().hex()).orElse(""))
                .param("limit", PAGE)
                .query((row, number) -> new Candidate(
                        new Sha256(row.getString("sha256")), row.getObject("touched_at", OffsetDateTime.class)))
                .list();
    }
}
