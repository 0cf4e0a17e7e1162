package io.orrery.engine.tokenizer;

import java.util.Arrays;

/**
 * Which two neighbouring tokens merge into which, and how early: an open hash table from a pair of ids to a rank and an id.
 * Filled by one thread, then only read.
 */
final class MergeTable {
    /** No merge. */
    static final long NONE = -1;

    private static final long FREE = -1;

    private final long[] pairs;
    private final long[] merges;
    private final int mask;

    MergeTable(int expected) {
        int capacity = Integer.highestOneBit(Math.max(8, expected)) << 2;
        pairs = new long[capacity];
        merges = new long[capacity];
        mask = capacity - 1;
        Arrays.fill(pairs, FREE);
    }

    /** Adds a pair at most {@code expected} times; a later rank of the same pair replaces the earlier. */
    void put(int left, int right, int rank, int merged) {
        int slot = slot(pair(left, right));
        pairs[slot] = pair(left, right);
        merges[slot] = (long) rank << 32 | merged;
    }

    /** {@code rank << 32 | merged id}, or {@link #NONE}. */
    long find(int left, int right) {
        int slot = slot(pair(left, right));
        return pairs[slot] == FREE ? NONE : merges[slot];
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    private int slot(long pair) {
        long hash = pair * 0x9E3779B97F4A7C15L;
        int slot = (int) (hash >>> 32) & mask;
        while (pairs[slot] != FREE && pairs[slot] != pair) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
