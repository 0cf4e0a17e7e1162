package io.orrery.registry.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A content in the staging area, on its way into a store. */
final class StagedFile implements StagedBlob {
    /** Puts a content that has arrived where it belongs; one that is there already stays. */
    @FunctionalInterface
    interface Place {
        void put(Staging.Received content) throws IOException;
    }

    private final Staging.Received content;
    private final Place place;
    private final boolean takesLong;
    private OptionalLong writtenAt = OptionalLong.empty();

    /** @param takesLong whether the content is to be put already before others are kept waiting by its publication */
    StagedFile(Staging.Received content, Place place, boolean takesLong) {
        this.content = content;
        this.place = place;
        this.takesLong = takesLong;
    }

    @Override
    public Sha256 sha256() {
        return content.sha256();
    }

    @Override
    public long size() {
        return content.size();
    }

    /** A file keeps its time when it is renamed; an object in a bucket has no such thing. */
    @Override
    public OptionalLong writtenAt() {
        return writtenAt;
    }

    @Override
    public void transfer() throws IOException {
        if (takesLong) {
            place.put(content);
        }
    }

    @Override
    public void publish() throws IOException {
        if (!takesLong) {
            writtenAt =
                    OptionalLong.of(Files.getLastModifiedTime(content.file()).to(TimeUnit.NANOSECONDS));
        }
        place.put(content);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(content.file());
    }
}
