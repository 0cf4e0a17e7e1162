package io.orrery.finetune.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The two things that a full disk refuses, so that tests can refuse them. */
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

    /** Bytes that may still be written beside this folder. */
    long free(Path folder) throws IOException;

    /** The disk of this machine. */
    record Local() implements Disk {
        @Override
        public NewFile create(Path file) throws IOException {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new NewFile() {
                @Override
                public void write(ByteBuffer bytes) throws IOException {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                }

                @Override
                public void sync() throws IOException {
                    channel.force(true);
                }

                @Override
                public void close() throws IOException {
                    channel.close();
                }
            };
        }

        @Override
        public long free(Path folder) throws IOException {
            return Files.getFileStore(folder).getUsableSpace();
        }
    }
}
