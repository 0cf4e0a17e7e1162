package io.orrery.engine.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Appends bytes of any memory to a file. Confined to the thread that writes. */
public final class TensorBytes {
    private static final int STEP = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STEP);

    public TensorBytes(FileChannel channel) {
        this.channel = channel;
    }

    public void write(byte[] bytes) throws IOException {
        write(MemorySegment.ofArray(bytes));
    }

    // through a buffer of our own: a segment over a float[] is no ByteBuffer, and one over 2 GB neither
    void write(MemorySegment bytes) throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += STEP) {
            int count = (int) Math.min(STEP, bytes.byteSize() - at);
            staging.clear().limit(count);
            MemorySegment.ofBuffer(staging).copyFrom(bytes.asSlice(at, count));
            while (staging.hasRemaining()) {
                channel.write(staging);
            }
        }
    }
}
