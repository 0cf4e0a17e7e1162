package io.orrery.registry.downloads;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.background.Loop;
import io.orrery.registry.downloads.DownloadCounts.Key;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.resolve.ResolveObserver;
import io.orrery.registry.wire.HubCall;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;

/**
 * Counts in memory, and writes what it has counted when its loop comes round and when it ends. A crash loses the counts of some seconds. Safe
 * for many threads.
 */
@Service
public class DownloadCounter implements ResolveObserver, Loop.Work {
    private static final Logger LOG = LoggerFactory.getLogger(DownloadCounter.class);
    private static final int SUMMED_AT_ONCE = 1000;

    /** Whoever reads a dataset reads several of its files; as on the Hub, within this time it is one download. */
    private static final Duration ONE_DOWNLOAD = Duration.ofMinutes(5);

    private static final int MOST_REMEMBERED = 10_000;

    private record Reader(long repoId, String caller) {}

    private final CountedFiles files;
    private final DownloadCounts counts;
    private final Clock clock;
    private final Map<Reader, Instant> readers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Reader, Instant> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private Map<Key, Long> counted = new HashMap<>();

    DownloadCounter(CountedFiles files, DownloadCounts counts, Clock clock) {
        this.files = files;
        this.counts = counts;
        this.clock = clock;
    }

    @Override
    public void resolving(HubCall call, Repo repo, Commit commit, TreeItem file) {
        if (files.isCounted(call, repo, commit, file.path())) {
            count(repo, call.caller().name());
        }
    }

    /** A download that came by another door than the Hub's. */
    public synchronized void count(Repo repo, String caller) {
        Instant now = clock.instant();
        if (repo.type() == RepoType.MODEL || isNew(new Reader(repo.id(), caller), now)) {
            counted.merge(new Key(repo.id(), day(now)), 1L, Long::sum);
        }
    }

    private boolean isNew(Reader reader, Instant now) {
        Instant last = readers.get(reader);
        if (last != null && now.isBefore(last.plus(ONE_DOWNLOAD))) {
            return false;
        }
        readers.remove(reader);
        readers.put(reader, now);
        return true;
    }

    @Override
    public boolean once() {
        flush();
        return counts.sumOutdated(day(clock.instant()), SUMMED_AT_ONCE) == SUMMED_AT_ONCE;
    }

    @Override
    public void stopped() {
        try {
            flush();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("The last downloads could not be counted: {}", e.getMessage());
        }
    }

    private void flush() {
        Map<Key, Long> taken = take();
        if (taken.isEmpty()) {
            return;
        }
        boolean isWritten = false;
        try {
            counts.add(taken, day(clock.instant()));
            isWritten = true;
        } finally {
            if (!isWritten) {
                giveBack(taken);
            }
        }
    }

    private synchronized Map<Key, Long> take() {
        Map<Key, Long> taken = counted;
        counted = new HashMap<>();
        return taken;
    }

    private synchronized void giveBack(Map<Key, Long> taken) {
        taken.forEach((key, count) -> counted.merge(key, count, Long::sum));
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
