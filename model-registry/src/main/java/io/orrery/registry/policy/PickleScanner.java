package io.orrery.registry.policy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.pickle.PickleImports;
import io.orrery.registry.background.Loop;
import io.orrery.registry.background.Signal;
import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.inspection.CommitInspected;
import io.orrery.registry.inspection.PickleFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads the imports of pickles, one after the other, each in a transaction of its own. Nothing is ever unpickled. */
@Component
class PickleScanner implements Loop.Work {
    private final PickleScans scans;
    private final Contents contents;
    private final TransactionTemplate transactions;
    private final PolicyProperties properties;
    private final Signal signal = new Signal();

    PickleScanner(PickleScans scans, Contents contents, TransactionTemplate transactions, PolicyProperties properties) {
        this.scans = scans;
        this.contents = contents;
        this.transactions = transactions;
        this.properties = properties;
    }

    Signal signal() {
        return signal;
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void queue(CommitInspected commit) {
        List<Sha256> pickles = commit.files().entrySet().stream()
                .filter(file -> PickleFiles.isNamedSo(file.getKey()))
                .flatMap(file -> file.getValue().sha256().stream())
                .toList();
        if (!pickles.isEmpty()) {
            scans.queue(pickles);
        }
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    public void wake(CommitInspected commit) {
        signal.raise();
    }

    @Override
    public boolean once() {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            Optional<Sha256> next = scans.next();
            next.ifPresent(this::scan);
            return next.isPresent();
        }));
    }

    private void scan(Sha256 sha256) {
        try {
            Optional<Content> content = contents.find(sha256);
            if (content.isEmpty()) {
                scans.absent(sha256);
            } else {
                scans.done(sha256, imports(content.get()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the content " + sha256.hex() + " could not be scanned", e);
        }
    }

    private PickleImports imports(Content content) throws IOException {
        if (content.file().isPresent()) {
            return read(content.file().get());
        }
        if (content.size() > properties.scanLimit().toBytes()) {
            return unreadable("the content has " + content.size() + " bytes, more than are fetched to be scanned");
        }
        Path copy = Files.createTempFile("orrery-scan", ".pickle");
        try {
            try (OutputStream out = Files.newOutputStream(copy)) {
                content.copy(0, content.size(), out);
            }
            return read(copy);
        } finally {
            Files.delete(copy);
        }
    }

    private static PickleImports read(Path file) {
        try {
            return PickleImports.of(file);
        } catch (CheckpointException e) {
            return unreadable(e.problem());
        }
    }

    private static PickleImports unreadable(String problem) {
        return new PickleImports(true, new TreeSet<>(Collections.emptySet()), Optional.of(problem));
    }
}
