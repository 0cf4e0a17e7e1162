package io.orrery.engine.checkpoint;

import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The rows of tensors, made by some threads ahead of the one that takes them in order. At most twice as many blocks as threads
 * are made and not yet taken. Confined to the thread that takes.
 */
final class RowBlocks implements AutoCloseable {
    /** Few enough for a tensor of a small model to be shared by two threads, many enough for a disk. */
    private static final int BLOCK_BYTES = 1 << 17;

    /** Takes a block. The bytes are another block's once this returns. */
    interface Sink {
        void accept(Block block, MemorySegment rows) throws IOException;
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
    record Block(String name, Tensor tensor, int from, int to) {
        boolean isLast() {
            return to == tensor.rows();
        }

        long bytes() {
            return (to - from) * tensor.rowBytes();
        }

        MemorySegment read(MemorySegment buffer) {
            MemorySegment into = buffer.asSlice(0, bytes());
            tensor.copyRows(from, to, into);
            return into;
        }
    }

    private final Arena arena = Arena.ofShared();
    private final List<Block> blocks;
    private final MemorySegment[] buffers;
    private final @Nullable ExecutorService threads;

    /** @param threads where it is 1, the rows are made by the thread that takes them */
    RowBlocks(Map<String, Tensor> tensors, int threads) {
        this.blocks = blocks(tensors);
        this.buffers = new MemorySegment[2 * threads];
        long largest = blocks.stream().mapToLong(Block::bytes).max().orElse(0);
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = arena.allocate(Math.max(1, largest), Long.BYTES);
        }
        this.threads = threads == 1
                ? null
                : Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("rows-", 0).factory());
    }

    private static List<Block> blocks(Map<String, Tensor> tensors) {
        List<Block> blocks = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            if (tensor.elements() > 0) {
                int step = (int) Math.clamp(BLOCK_BYTES / Math.max(1, tensor.rowBytes()), 1, tensor.rows());
                for (int from = 0; from < tensor.rows(); from += step) {
                    blocks.add(new Block(name, tensor, from, Math.min(tensor.rows(), from + step)));
                }
            }
        });
        return blocks;
    }

    void forEach(Sink sink) throws IOException {
        if (threads == null) {
            for (Block block : blocks) {
                sink.accept(block, block.read(buffers[0]));
            }
        } else {
            forEach(sink, threads);
        }
    }

    private void forEach(Sink sink, ExecutorService makers) throws IOException {
        Deque<Future<MemorySegment>> ahead = new ArrayDeque<>();
        int next = 0;
        for (Block block : blocks) {
            for (; next < blocks.size() && ahead.size() < buffers.length; next++) {
                Block made = blocks.get(next);
                MemorySegment into = buffers[next % buffers.length];
                ahead.add(makers.submit(() -> made.read(into)));
            }
            sink.accept(block, made(block, ahead.remove()));
        }
    }

    private static MemorySegment made(Block block, Future<MemorySegment> rows) throws IOException {
        try {
            return rows.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "tensor " + block.name() + " cannot be computed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the writing was interrupted", e);
        }
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
            threads.close();
        }
        arena.close();
    }
}
