package io.orrery.registry.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Contents that come together, such as those inside a commit; closing it before they are published leaves nothing. Confined to one thread. */
public final class ContentBatch implements AutoCloseable {
    private static final long MEMORY = 8 << 20;

    private final Contents contents;
    private final Spool spool = new Spool(MEMORY);
    private final Set<Sha256> known = new HashSet<>();
    private final List<StagedBlob> small = new ArrayList<>();
    private final Together<StagedBlob> large = new Together<>();

    ContentBatch(Contents contents) {
        this.contents = contents;
    }

    /** As {@link BlobStore#stage}; that one could not be stored may turn out later, when all are asked for. */
    public Sha256 add(String what, byte[] content) throws IOException {
        Sha256 sha256 = Sha256.of(content);
        if (!known.add(sha256)) {
            return sha256;
        }
        if (contents.isSmall(content.length)) {
            contents.requireRoom(what, content.length);
            small.add(new StagedBytes(sha256, content.length, spool.add(content)));
        } else {
            BlobStore.Expected expected =
                    new BlobStore.Expected(what, Optional.of(sha256), OptionalLong.of(content.length));
            large.submit(content.length, () -> contents.stage(new ByteArrayInputStream(content), expected));
        }
        return sha256;
    }

    /** What was added, when all of it has arrived. */
    public Collection<StagedBlob> staged() throws IOException {
        List<StagedBlob> all = new ArrayList<>(small);
        all.addAll(large.results());
        return all;
    }

    @Override
    public void close() throws IOException {
        spool.close();
        for (StagedBlob content : large.successes()) {
            content.close();
        }
    }
}
