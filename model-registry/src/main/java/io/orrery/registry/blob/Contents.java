package io.orrery.registry.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * All contents that can be read here, however they are kept. A content becomes visible under its row's lock, and one that nobody uses is
 * deleted under it, so that neither happens behind the other's back.
 */
@Service
public class Contents {
    private final BlobStore store;
    private final ContentRows rows;
    private final SmallContents small;
    private final Soundness soundness;
    private final long largestSmall;
    private final List<ContentSource> others;
    private final TransactionTemplate transactions;

    Contents(
            BlobStore store,
            ContentRows rows,
            SmallContents small,
            Soundness soundness,
            BlobProperties properties,
            List<ContentSource> others,
            TransactionTemplate transactions) {
        this.store = store;
        this.rows = rows;
        this.small = small;
        this.soundness = soundness;
        this.largestSmall = properties.smallContent().toBytes();
        this.others = others;
        this.transactions = transactions;
    }

    /** As {@link BlobStore#stage}. */
    public StagedBlob stage(InputStream in, BlobStore.Expected expected) throws IOException {
        return expected.size().isPresent() && isSmall(expected.size().getAsLong())
                ? stageSmall(in, expected)
                : store.stage(in, expected);
    }

    /** For contents that come together. */
    public ContentBatch batch() {
        return new ContentBatch(this);
    }

    /** Whether a content of this size is kept in the database. */
    boolean isSmall(long size) {
        return size <= largestSmall;
    }

    private StagedBlob stageSmall(InputStream in, BlobStore.Expected expected) throws IOException {
        int size = Math.toIntExact(expected.size().orElseThrow());
        requireRoom(expected.what(), size);
        byte[] bytes;
        try {
            bytes = in.readNBytes(size + 1);
        } catch (IOException e) {
            throw new BrokenUploadException(expected.what(), 0, e);
        }
        Sha256 sha256 = Sha256.of(bytes);
        expected.verify(sha256, bytes.length);
        return new StagedBytes(sha256, size, () -> bytes);
    }

    /** As {@link BlobStore#take}. */
    public StagedBlob take(Path file, Sha256 sha256, long size) throws IOException {
        return store.take(file, sha256, size);
    }

    /** As {@link BlobStore#requireRoom}. */
    public void requireRoom(String what, long size) throws IOException {
        store.requireRoom(what, size);
    }

    /** Makes contents visible, all of them when this returns. */
    public void publish(Collection<StagedBlob> staged) throws IOException {
        if (staged.isEmpty()) {
            return;
        }
        together(staged, StagedBlob::transfer);
        try {
            transactions.executeWithoutResult(status -> makeVisible(staged));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void makeVisible(Collection<StagedBlob> staged) {
        Map<Sha256, Long> sizes = new HashMap<>();
        staged.forEach(content -> sizes.put(content.sha256(), content.size()));
        rows.put(sizes);
        try {
            together(staged, StagedBlob::publish);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        noteWritten(staged);
        small.insert(staged.stream()
                .filter(StagedBytes.class::isInstance)
                .map(StagedBytes.class::cast)
                .toList());
    }

    private void noteWritten(Collection<StagedBlob> staged) {
        Map<Sha256, Long> times = new HashMap<>();
        for (StagedBlob content : staged) {
            content.writtenAt().ifPresent(at -> times.put(content.sha256(), at));
        }
        if (!times.isEmpty()) {
            rows.noteWritten(times);
        }
    }

    /** What is done with a content that waits for the disk. */
    @FunctionalInterface
    private interface Step {
        void take(StagedBlob content) throws IOException;
    }

    private static void together(Collection<StagedBlob> staged, Step step) throws IOException {
        try (Together<Sha256> files = new Together<>()) {
            for (StagedBlob content : staged) {
                if (!(content instanceof StagedBytes)) {
                    files.submit(0, () -> {
                        step.take(content);
                        return content.sha256();
                    });
                }
            }
            files.results();
        }
    }

    /** Keeps contents that somebody was told are there from being collected before they are used. */
    @Transactional
    public void touch(Collection<Sha256> contents) {
        if (!contents.isEmpty()) {
            rows.touch(contents);
        }
    }

    /**
     * Keeps contents from being deleted until the transaction ends, by when it is written down that they are needed. Answers those that are
     * not here, for which it is too late.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Set<Sha256> hold(Collection<Sha256> contents) {
        Set<Sha256> missing = new HashSet<>(contents);
        missing.removeAll(rows.hold(contents));
        return missing;
    }

    /** Gives a content that a {@link ContentSource} knows from this transaction on the row that all contents have. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void count(Sha256 sha256, long size) {
        rows.put(Map.of(sha256, size));
    }

    public Optional<Content> find(Sha256 sha256) throws IOException {
        Optional<ContentRows.Row> row = rows.find(sha256);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        if (row.get().bytes().isPresent()) {
            return Optional.of(new BytesContent(row.get().bytes().get()));
        }
        Optional<Content> whole = store.find(sha256);
        if (whole.isPresent() && !soundness.mayBeRead(sha256, row.get(), whole.get())) {
            whole = Optional.empty();
        }
        for (int i = 0; whole.isEmpty() && i < others.size(); i++) {
            whole = others.get(i).find(sha256);
        }
        return whole;
    }

    public boolean has(Sha256 sha256) throws IOException {
        return find(sha256).isPresent();
    }

    /** Those of the contents that were found damaged and have not come again. */
    public Set<Sha256> damaged(Collection<Sha256> contents) {
        Set<Sha256> damaged = soundness.noted(contents);
        damaged.removeIf(sha256 -> {
            try {
                return has(sha256);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return damaged;
    }

    /** Whether somebody published a content, and nobody deleted it. */
    public boolean isCounted(Sha256 sha256) {
        return rows.find(sha256).isPresent();
    }

    /** A content that must be there. */
    public Content open(Sha256 sha256) throws IOException {
        return find(sha256)
                .orElseThrow(() -> new IOException("the content " + sha256.hex() + " is missing from the store"));
    }
}
