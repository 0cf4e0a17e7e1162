package io.orrery.registry.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The few things that can fail on a full or broken disk, so that tests can make them fail. */
interface Disk {
    /** A new file that is being written. */
    interface NewFile extends AutoCloseable {
        void write(ByteBuffer bytes) throws IOException;

        /** Returns when the bytes would survive a power cut. */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }

    NewFile create(Path file) throws IOException;

    /** Renames within the store and makes the new name durable. */
    void publish(Path from, Path to) throws IOException;

    /** Bytes that this process may still write. */
    long free() throws IOException;
}
