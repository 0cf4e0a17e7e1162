package io.orrery.registry.blob;

import java.io.IOException;
import java.util.OptionalLong;

/** A content that has arrived whole but is not visible; closing it before it is published leaves nothing. Confined to one thread. */
public interface StagedBlob extends AutoCloseable {
    Sha256 sha256();

    long size();

    /** As {@link Content#writtenAt} will say of it. */
    default OptionalLong writtenAt() {
        return OptionalLong.empty();
    }

    /** Does what of {@link #publish} takes long, while nobody waits for it. */
    default void transfer() throws IOException {}

    /** Makes the content visible under its hash; called by {@link Contents}, which has noted it before. */
    void publish() throws IOException;

    @Override
    void close() throws IOException;
}
