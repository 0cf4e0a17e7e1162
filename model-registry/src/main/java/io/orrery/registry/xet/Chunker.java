package io.orrery.registry.xet;

import java.util.function.Consumer;

/**
 * Cuts a content into chunks where its own bytes say so, so that a change moves only the cuts beside it. Confined to one thread.
 *
 * <p>Source: Hugging Face {@code hub-docs/docs/xet/chunking.md}; xet-core {@code deduplication/src/chunking.rs}.
 */
final class Chunker {
    static final int LONGEST = 128 * 1024;

    private static final int SHORTEST = 8 * 1024;
    private static final int WINDOW = 64;
    /** No cut is looked for before; the bytes in the window of the earliest one are hashed. */
    private static final int UNHASHED = SHORTEST - WINDOW - 1;

    private static final long MASK = 0xFFFF000000000000L;

    private final byte[] chunk = new byte[LONGEST];
    private int length;
    private long hash;

    /** Takes the next bytes, and gives away the chunks that they complete. */
    void update(byte[] data, int offset, int count, Consumer<Chunk> chunks) {
        int at = offset;
        int end = offset + count;
        while (at < end) {
            int next = length < UNHASHED ? Math.min(end, at + UNHASHED - length) : scan(data, at, end);
            System.arraycopy(data, at, chunk, length, next - at);
            length += next - at;
            at = next;
            if (isCut()) {
                finish(chunks);
            }
        }
    }

    /** The place behind the next cut, or the last place that may be looked at. */
    private int scan(byte[] data, int from, int end) {
        int stop = Math.min(end, from + LONGEST - length);
        long rolling = hash;
        int at = from;
        do {
            rolling = (rolling << 1) + GearTable.NUMBERS[data[at++] & 0xff];
        } while ((rolling & MASK) != 0 && at < stop);
        hash = rolling;
        return at;
    }

    private boolean isCut() {
        return length == LONGEST || (length > UNHASHED && (hash & MASK) == 0);
    }

    /** Gives away what is left as the last chunk. */
    void finish(Consumer<Chunk> chunks) {
        if (length > 0) {
            chunks.accept(new Chunk(Hashing.chunk(chunk, 0, length), length));
        }
        length = 0;
        hash = 0;
    }
}
