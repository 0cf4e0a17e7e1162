package io.orrery.registry.blob;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells contents that are what their hash says from those that were changed, were cut short or have rotted in the store. A damaged one is
 * taken away from its readers: whoever uploads it again, or another hub that has it, brings it back.
 */
@Service
public class Soundness {
    private static final Logger LOG = LoggerFactory.getLogger(Soundness.class);

    /** What a look at a content found. */
    public enum Verdict {
        SOUND,
        /** Was damaged, or gone. */
        DAMAGED,
        /** Is made of others, which are looked at themselves; or went meanwhile. */
        NOT_KEPT
    }

    /** @param bytes that were read for it */
    public record Check(Verdict verdict, long bytes) {}

    private final JdbcClient jdbc;
    private final ContentRows rows;
    private final SmallContents small;
    private final BlobStore store;
    private final TransactionTemplate apart;
    private final Counter damaged;

    Soundness(
            JdbcClient jdbc,
            ContentRows rows,
            SmallContents small,
            BlobStore store,
            PlatformTransactionManager transactions,
            MeterRegistry meters) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.small = small;
        this.store = store;
        this.apart = new TransactionTemplate(transactions);
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.damaged = Counter.builder("orrery.registry.damaged.contents")
                .description("Contents that were found to be something else than their hash says, or gone")
                .register(meters);
    }

    /** Reads all of a content that has bytes of its own. */
    public Check check(Sha256 sha256) throws IOException {
        Optional<ContentRows.Row> row = rows.find(sha256);
        if (row.isEmpty()) {
            return new Check(Verdict.NOT_KEPT, 0);
        }
        long size = row.get().size();
        Optional<Content> kept =
                row.get().bytes().isPresent() ? row.get().bytes().map(BytesContent::new) : store.find(sha256);
        if (kept.isEmpty()) {
            return new Check(Verdict.NOT_KEPT, 0);
        }
        boolean isSound = hasSize(sha256, row.get(), kept.get()) && hasHash(sha256, row.get(), kept.get());
        return new Check(isSound ? Verdict.SOUND : Verdict.DAMAGED, size);
    }

    /** Whether a content in the store is as long as it was, and no younger or read again since. */
    boolean mayBeRead(Sha256 sha256, ContentRows.Row row, Content content) throws IOException {
        boolean isAsWritten = row.writtenAt().isEmpty()
                || content.writtenAt().isEmpty()
                || row.writtenAt().equals(content.writtenAt());
        return hasSize(sha256, row, content) && (isAsWritten || hasHash(sha256, row, content));
    }

    private boolean hasSize(Sha256 sha256, ContentRows.Row row, Content content) throws IOException {
        if (content.size() != row.size()) {
            condemn(sha256, row, "has " + content.size() + " bytes instead of " + row.size());
        }
        return content.size() == row.size();
    }

    private boolean hasHash(Sha256 sha256, ContentRows.Row row, Content content) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            content.copy(0, content.size(), out);
        }
        Sha256 found = Sha256.ofDigest(digest);
        if (found.equals(sha256)) {
            content.writtenAt().ifPresent(at -> rows.noteWritten(Map.of(sha256, at)));
        } else {
            condemn(sha256, row, "has the sha256 " + found.hex());
        }
        return found.equals(sha256);
    }

    /** Notes a content as damaged that is in no store at all, unless it is known why. */
    public void missing(Sha256 sha256) {
        if (noted(List.of(sha256)).isEmpty()) {
            rows.find(sha256).ifPresent(row -> note(sha256, row, "is gone"));
        }
    }

    /** Those of the contents that were found damaged once. */
    Set<Sha256> noted(Collection<Sha256> contents) {
        return new HashSet<>(jdbc.sql("select sha256 from damaged_content where sha256 = any(:hashes::text[])")
                .param("hashes", Sha256.hex(contents))
                .query((row, number) -> new Sha256(row.getString("sha256")))
                .list());
    }

    private void condemn(Sha256 sha256, ContentRows.Row row, String damage) throws IOException {
        if (row.bytes().isPresent()) {
            apart.executeWithoutResult(status -> small.delete(sha256));
        } else {
            store.quarantine(sha256);
        }
        note(sha256, row, damage);
    }

    private void note(Sha256 sha256, ContentRows.Row row, String damage) {
        LOG.error("The content {} {}; nobody can read it until it comes again", sha256.hex(), damage);
        damaged.increment();
        apart.executeWithoutResult(status -> jdbc.sql("""
            insert into damaged_content (sha256, size, damage, found_at) values (:sha256, :size, :damage, clock_timestamp())
            on conflict (sha256) do update set damage = excluded.damage, found_at = excluded.found_at\
            """)
                .param("sha256", sha256.hex())
                .param("size", row.size())
                .param("damage", damage)
                .update());
    }
}
