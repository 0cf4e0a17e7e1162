package io.orrery.engine.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * The ids of recent short pieces, most words of a text having been seen before. Safe for many threads without locks: a slot
 * holds an immutable entry, and a lost write only costs a merge.
 */
final class PieceCache {
    private static final int SLOTS = 1 << 14;
    private static final int MAX_LENGTH = 64;

    private final @Nullable Entry[] entries = new Entry[SLOTS];

    private record Entry(String piece, int[] ids) {}

    /** The ids, not to be changed; null where they are not known. */
    int @Nullable [] get(String piece) {
        Entry entry = entries[slot(piece)];
        return entry != null && entry.piece.equals(piece) ? entry.ids : null;
    }

    void put(String piece, int[] ids) {
        if (piece.length() <= MAX_LENGTH) {
            entries[slot(piece)] = new Entry(piece, ids);
        }
    }

    private static int slot(String piece) {
        int hash = piece.hashCode() * 0x9E3779B9;
        return hash >>> 18;
    }
}
