package io.orrery.engine.checkpoint.gguf;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader.Entry;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Holds tensors against the data section: whole blocks, aligned, within the file, none inside another. Holes and bytes behind
 * the last tensor are let pass, which is laxer than ggml {@code src/gguf.cpp}: they harm nobody.
 */
record DataPlaces(String source, long dataStart, long alignment, long fileBytes) {
    private static final String ALIGNMENT = "general.alignment";
    private static final long DEFAULT_ALIGNMENT = 32;

    static DataPlaces after(long headerEnd, GgufMetadata metadata, long fileBytes) {
        long alignment = alignment(metadata);
        return new DataPlaces(metadata.source(), alignUp(headerEnd, alignment), alignment, fileBytes);
    }

    static long alignment(GgufMetadata metadata) {
        Optional<Long> alignment = metadata.integer(ALIGNMENT);
        if (alignment.isPresent() && (Long.bitCount(alignment.get()) != 1 || alignment.get() < 0)) {
            throw new CheckpointException(
                    metadata.source(), ALIGNMENT + " is " + alignment.get() + ", which is no power of two");
        }
        return alignment.orElse(DEFAULT_ALIGNMENT);
    }

    static long alignUp(long position, long alignment) {
        return Math.addExact(position, alignment - 1) & -alignment;
    }

    void check(List<Entry> entries) {
        entries.forEach(this::checkBlocks);
        List<Entry> inOrder = entries.stream()
                .filter(entry -> entry.bytes() > 0)
                .sorted(Comparator.comparingLong(Entry::offset))
                .toList();
        Optional<Entry> before = Optional.empty();
        for (Entry entry : inOrder) {
            checkWithin(entry);
            before.ifPresent(other -> checkApart(other, entry));
            before = Optional.of(entry);
        }
    }

    private void checkBlocks(Entry entry) {
        long inner = entry.shape().rank() == 0 ? 1 : entry.shape().dims().getLast();
        int block = entry.dtype().blockElements();
        if (inner % block != 0) {
            throw broken(entry, "has rows of " + inner + " elements, which do not fill whole blocks of " + block);
        }
        try {
            Math.addExact(dataStart, Math.addExact(entry.offset(), entry.bytes()));
        } catch (ArithmeticException e) {
            throw broken(entry, "is larger than any file");
        }
        if (entry.offset() < 0 || entry.offset() % alignment != 0) {
            throw broken(
                    entry,
                    "begins at byte " + Long.toUnsignedString(entry.offset())
                            + " of the data, which is no multiple of the alignment " + alignment);
        }
    }

    private void checkWithin(Entry entry) {
        long available = fileBytes - dataStart;
        long end = entry.offset() + entry.bytes();
        if (end > available) {
            throw broken(
                    entry,
                    "ends at byte " + end + " of the data, but the file holds " + Math.max(0, available)
                            + " bytes of data: it is cut off");
        }
    }

    private void checkApart(Entry before, Entry entry) {
        long end = before.offset() + before.bytes();
        if (entry.offset() < end) {
            throw broken(
                    entry,
                    "overlaps tensor " + before.name() + ": it begins at byte " + entry.offset()
                            + " of the data, the other ends at " + end);
        }
    }

    private CheckpointException broken(Entry entry, String problem) {
        return new CheckpointException(
                source,
                "tensor " + entry.name() + " of " + entry.dtype() + entry.shape() + " " + problem
                        + "; the file is damaged, download it again");
    }
}
