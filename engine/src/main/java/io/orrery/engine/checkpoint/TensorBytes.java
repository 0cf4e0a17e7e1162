package io.orrery.engine.checkpoint;

import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
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

    /** A tensor's elements as they are stored, some rows at a time, without what its memory may hold behind them. */
    public void write(Tensor tensor) throws IOException {
        if (!tensor.isComputed()) {
            write(tensor.segment().asSlice(0, tensor.dtype().bytes(tensor.elements())));
            return;
        }
        int step = (int) Math.clamp(STEP / Math.max(1, tensor.rowBytes()), 1, Integer.MAX_VALUE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rows = arena.allocate(Math.max(1, Math.min(step, tensor.rows()) * tensor.rowBytes()));
            for (int from = 0; from < tensor.rows(); from += step) {
                int to = Math.min(tensor.rows(), from + step);
                tensor.copyRows(from, to, rows);
                write(rows.asSlice(0, (to - from) * tensor.rowBytes()));
            }
        }
    }

    public void write(byte[] bytes) throws IOException {
        write(MemorySegment.ofArray(bytes));
    }

    // through a buffer of our own: a segment over a float[] is no ByteBuffer, and one over 2 GB neither
    private void write(MemorySegment bytes) throws IOException {
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
