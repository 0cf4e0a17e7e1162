package io.orrery.finetune.file;

import io.orrery.finetune.access.Caller;
import io.orrery.finetune.wire.RequestProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Files and their contents: a row without a content, or a content that goes while it gets a row, cannot be. Thread-safe. */
@Service
public class FileStore {
    private final FileRows rows;
    private final ContentStore contents;
    private final List<FileUse> uses;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    FileStore(
            FileRows rows,
            ContentStore contents,
            List<FileUse> uses,
            JdbcClient jdbc,
            TransactionTemplate transactions) {
        this.rows = rows;
        this.contents = contents;
        this.uses = List.copyOf(uses);
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** A file as it comes: its name and what it is for. */
    record Label(String filename, String purpose) {}

    StoredFile add(Caller owner, Label label, ContentStore.Arrived arrived) {
        StoredFile file = new StoredFile(
                "file-" + UUID.randomUUID().toString().replace("-", ""),
                owner.project(),
                owner.name(),
                label.filename(),
                label.purpose(),
                arrived.bytes(),
                arrived.sha256(),
                Instant.now().truncatedTo(ChronoUnit.MICROS));
        return underLock(file.sha256(), () -> {
            try {
                contents.publish(arrived);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return rows.save(new FileEntity(file)).file();
        });
    }

    Optional<StoredFile> find(String project, String id) {
        return rows.findByProjectAndId(project, id).map(FileEntity::file);
    }

    /** A file that stays at least until the caller's transaction ends. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<StoredFile> hold(String project, String id) {
        return rows.share(project, id).map(FileEntity::file);
    }

    /** Where a content lies; it never changes. */
    public Path content(String sha256) throws IOException {
        Path place = contents.place(sha256);
        if (!Files.exists(place)) {
            throw new IOException("the content " + sha256 + " is missing from the files folder, at " + place);
        }
        return place;
    }

    /** Deletes the row, then the content where no other file has the same. */
    void delete(String project, String id) {
        String sha256 = inTransaction(() -> deleteRow(project, id));
        underLock(sha256, () -> {
            if (rows.existsBySha256(sha256)) {
                return false;
            }
            try {
                contents.delete(sha256);
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private String deleteRow(String project, String id) {
        FileEntity row = rows.lock(project, id).orElseThrow(() -> RequestProblem.notFound("file", id));
        StoredFile file = row.file();
        uses.stream().flatMap(use -> use.userOf(file).stream()).findFirst().ifPresent(user -> {
            throw RequestProblem.of(
                    HttpStatus.CONFLICT,
                    "file_in_use",
                    "File '" + id + "' is needed by " + user + ", which has not ended. Cancel it or wait for its end.");
        });
        rows.delete(row);
        return file.sha256();
    }

    /** One at a time for each content, over all processes. */
    private <T> T underLock(String sha256, Supplier<T> work) {
        return inTransaction(() -> {
            jdbc.sql("select pg_advisory_xact_lock(:key)")
                    .param("key", Long.parseUnsignedLong(sha256.substring(0, 16), 16))
                    .query(row -> {});
            return work.get();
        });
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transactions.execute(status -> work.get()), "the work has a result");
    }
}
