package io.orrery.registry.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * All contents that can be read here, however they are kept. A content becomes visible under its row's lock, and one that nobody uses is
 * deleted under it, so that neither happens behind the other's back.
 */
@Service
public class Contents {
    private final BlobStore store;
    private final ContentRows rows;
    private final SmallContents small;
    private final long largestSmall;
    private final List<ContentSource> others;

    Contents(
            BlobStore store,
            ContentRows rows,
            SmallContents small,
            BlobProperties properties,
            List<ContentSource> others) {
        this.store = store;
        this.rows = rows;
        this.small = small;
        this.largestSmall = properties.smallContent().toBytes();
        this.others = others;
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
    @Transactional
    public void publish(Collection<StagedBlob> staged) throws IOException {
        if (staged.isEmpty()) {
            return;
        }
        rows.put(staged);
        List<StagedBytes> bytes = new ArrayList<>();
        try (Together<Sha256> files = new Together<>()) {
            for (StagedBlob content : staged) {
                if (content instanceof StagedBytes one) {
                    bytes.add(one);
                } else {
                    files.submit(0, () -> {
                        content.publish();
                        return content.sha256();
                    });
                }
            }
            files.results();
        }
        small.insert(bytes);
    }

    /** Keeps contents that somebody was told are there from being collected before they are used. */
    @Transactional
    public void touch(Collection<Sha256> contents) {
        if (!contents.isEmpty()) {
            rows.touch(contents);
        }
    }

    public Optional<Content> find(Sha256 sha256) throws IOException {
        Optional<Content> whole = small.find(sha256);
        if (whole.isEmpty()) {
            whole = store.find(sha256);
        }
        for (int i = 0; whole.isEmpty() && i < others.size(); i++) {
            whole = others.get(i).find(sha256);
        }
        return whole;
    }

    public boolean has(Sha256 sha256) throws IOException {
        return find(sha256).isPresent();
    }

    /** A content that must be there. */
    public Content open(Sha256 sha256) throws IOException {
        return find(sha256)
                .orElseThrow(() -> new IOException("the content " + sha256.hex() + " is missing from the store"));
    }
}
