package io.orrery.engine.checkpoint;

import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file that is a head and the bytes of tensors, as GGUF and safetensors files are. It is read back before it gets its name, so
 * that a disk that lost something leaves the old file in place. Tensors are streamed: memory holds a few blocks of rows.
 *
 * @param head what stands before the tensors
 * @param tensors by name, in the order of their bytes
 * @param alignment head and tensors are padded with zeros to a multiple of it
 */
public record TensorFile(byte[] head, Map<String, Tensor> tensors, long alignment) {
    /** Bytes that are compared at a time. */
    private static final long STEP = 1 << 22;

    /**
     * Writes or replaces a file, whole or not at all.
     *
     * @param reopen reads the head of the finished file as a reader of the format does, and throws where it cannot
     * @throws CheckpointException where the file cannot be written, or is not there as it was written
     */
    public void write(Path to, WriteOptions options, AtomicFile.Check reopen) {
        Map<String, Long> sums = new HashMap<>();
        AtomicFile.write(
                to,
                channel -> {
                    TensorBytes out = new TensorBytes(channel);
                    out.write(head);
                    out.write(padding(head.length));
                    new Streaming(out, sums, options).run();
                },
                part -> {
                    reopen.read(part);
                    compare(part, sums);
                });
    }

    /** The tensors' bytes on their way into the file. */
    private final class Streaming {
        private final TensorBytes out;
        private final Map<String, Long> sums;
        private final WriteOptions options;
        private final CRC32C sum = new CRC32C();
        private final long total =
                tensors.values().stream().mapToLong(TensorFile::bytes).sum();
        private long done;

        Streaming(TensorBytes out, Map<String, Long> sums, WriteOptions options) {
            this.out = out;
            this.sums = sums;
            this.options = options;
        }

        void run() throws IOException {
            try (RowBlocks blocks = new RowBlocks(tensors, options.threads())) {
                blocks.forEach(this::write);
            }
        }

        private void write(RowBlocks.Block block, MemorySegment rows) throws IOException {
            out.write(rows);
            sum.update(rows.asByteBuffer());
            done += rows.byteSize();
            if (block.isLast()) {
                sums.put(block.name(), sum.getValue());
                sum.reset();
                out.write(padding(bytes(block.tensor())));
            }
            options.progress().report(block.name(), done, total);
        }
    }

    private void compare(Path part, Map<String, Long> sums) throws IOException {
        try (MappedFile file = MappedFile.open(part)) {
            MemorySegment found = file.segment();
            if (found.byteSize() < head.length
                    || found.asSlice(0, head.length).mismatch(MemorySegment.ofArray(head)) >= 0) {
                throw new IOException("the head that was read back is not the one that was written");
            }
            long at = head.length + padding(head.length).length;
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                long bytes = bytes(entry.getValue());
                if (at + bytes > found.byteSize()
                        || sum(found.asSlice(at, bytes)) != sums.getOrDefault(entry.getKey(), 0L)) {
                    throw new IOException("tensor " + entry.getKey()
                            + " was read back with other bytes than were written; check the disk");
                }
                at += bytes + padding(bytes).length;
            }
        }
    }

    private static long sum(MemorySegment bytes) {
        CRC32C sum = new CRC32C();
        for (long at = 0; at < bytes.byteSize(); at += STEP) {
            sum.update(bytes.asSlice(at, Math.min(STEP, bytes.byteSize() - at)).asByteBuffer());
        }
        return sum.getValue();
    }

    private static long bytes(Tensor tensor) {
        return tensor.dtype().bytes(tensor.elements());
    }

    private byte[] padding(long written) {
        return new byte[(int) (-written & (alignment - 1))];
    }
}
