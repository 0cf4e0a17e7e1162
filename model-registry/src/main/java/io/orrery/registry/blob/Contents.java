package io.orrery.registry.blob;

import java.io.IOException;
import java.io.InputStream;
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
    private final List<ContentSource> others;

    Contents(BlobStore store, ContentRows rows, List<ContentSource> others) {
        this.store = store;
        this.rows = rows;
        this.others = others;
    }

    /** As {@link BlobStore#stage}. */
    public StagedBlob stage(InputStream in, BlobStore.Expected expected) throws IOException {
        return store.stage(in, expected);
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
        for (StagedBlob content : staged) {
            content.publish();
        }
    }

    /** Keeps contents that somebody was told are there from being collected before they are used. */
    @Transactional
    public void touch(Collection<Sha256> contents) {
        if (!contents.isEmpty()) {
            rows.touch(contents);
        }
    }

    public Optional<Content> find(Sha256 sha256) throws IOException {
        Optional<Content> whole = store.find(sha256);
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
