package io.orrery.registry.keeping;

import io.orrery.registry.blob.ContentRepair;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.blob.Soundness;
import io.orrery.registry.blob.Soundness.Check;
import io.orrery.registry.blob.Soundness.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Reads every content and compares it with its hash, slowly, over and over; one process of all does it at a time. */
@Service
class Scrub {
    private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);
    private static final long LOCK = 0x6f72726572790003L;
    private static final int PIECE = 50;

    private final DataSource database;
    private final ScrubRounds rounds;
    private final Soundness soundness;
    private final Contents contents;
    private final List<ContentRepair> repairs;
    private final ScrubProperties properties;

    Scrub(
            DataSource database,
            ScrubRounds rounds,
            Soundness soundness,
            Contents contents,
            List<ContentRepair> repairs,
            ScrubProperties properties) {
        this.database = database;
        this.rounds = rounds;
        this.soundness = soundness;
        this.contents = contents;
        this.repairs = repairs;
        this.properties = properties;
    }

    /** Looks at some contents where a round is under way or due. @return whether the round goes on */
    boolean once() throws InterruptedException {
        Optional<ClusterLock> lock = ClusterLock.tryLock(database, LOCK);
        if (lock.isEmpty()) {
            return false;
        }
        try (ClusterLock _ = lock.get()) {
            if (properties.rate().toBytes() > 0) {
                rounds.beginWhereDue(properties.interval());
            }
            Optional<ScrubRound> round = rounds.last().filter(last -> !last.isOver());
            return round.isPresent() && piece(round.get());
        }
    }

    private boolean piece(ScrubRound round) throws InterruptedException {
        List<String> hashes = rounds.next(round.position(), PIECE);
        ScrubRound now = round;
        for (String hash : hashes) {
            now = look(now, new Sha256(hash));
        }
        rounds.advance(now, hashes.isEmpty());
        if (hashes.isEmpty()) {
            LOG.info("{} contents with {} bytes were read, {} are damaged", now.contents(), now.bytes(), now.damaged());
        }
        return !hashes.isEmpty();
    }

    private ScrubRound look(ScrubRound round, Sha256 sha256) throws InterruptedException {
        long begun = System.nanoTime();
        Check check;
        try {
            check = soundness.check(sha256);
            if (check.verdict() == Verdict.NOT_KEPT && isGone(sha256)) {
                soundness.missing(sha256);
                check = new Check(Verdict.DAMAGED, 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the content " + sha256.hex() + " cannot be read", e);
        }
        if (check.verdict() == Verdict.DAMAGED) {
            repair(sha256);
        }
        rest(check.bytes(), System.nanoTime() - begun);
        return new ScrubRound(
                round.startedAt(),
                round.endedAt(),
                sha256.hex(),
                round.contents() + (check.verdict() == Verdict.NOT_KEPT ? 0 : 1),
                round.bytes() + check.bytes(),
                round.damaged() + (check.verdict() == Verdict.DAMAGED ? 1 : 0));
    }

    /** A content with a row and without bytes; a collection takes both away together. */
    private boolean isGone(Sha256 sha256) throws IOException {
        return contents.isCounted(sha256) && !contents.has(sha256);
    }

    private void repair(Sha256 sha256) {
        for (ContentRepair repair : repairs) {
            try {
                if (repair.repair(sha256)) {
                    LOG.info("The content {} was fetched again", sha256.hex());
                    return;
                }
            } catch (IOException | RuntimeException e) {
                LOG.warn("The content {} could not be fetched again: {}", sha256.hex(), e.getMessage());
            }
        }
    }

    private void rest(long bytes, long nanos) throws InterruptedException {
        long rate = properties.rate().toBytes();
        if (rate > 0) {
            Duration due = Duration.ofNanos((long) (1e9 * bytes / rate) - nanos);
            if (due.isPositive()) {
                Thread.sleep(due);
            }
        }
    }
}
