package io.orrery.engine.tokenizer;

import java.util.Arrays;

/**
 * The symbols of one piece, merged until no pair of neighbours has a merge: always the pair of lowest rank, the leftmost of
 * equal ones. A heap over a linked list, so n symbols take n log n steps (tokenizers, models/bpe/word.rs). Confined to one call.
 */
final class Symbols {
    private static final int END = -1;
    private static final int NO_MERGE = Integer.MAX_VALUE;

    private int[] ids;
    private int size;

    Symbols(int capacity) {
        ids = new int[Math.max(4, capacity)];
    }

    void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
    }

    int[] merged(MergeTable table) {
        return size < 2 ? Arrays.copyOf(ids, size) : new Merging(table).run();
    }

    /** The merging in progress; a symbol is named by its first position. */
    private final class Merging {
        private final MergeTable table;
        private final int[] previous = new int[size];
        private final int[] next = new int[size];
        /** Rank of the merge with the next symbol: a queued entry of another rank is stale. */
        private final int[] ranks = new int[size];

        private final int[] results = new int[size];
        private final LongHeap queue = new LongHeap(size);

        Merging(MergeTable table) {
            this.table = table;
            for (int i = 0; i < size; i++) {
                previous[i] = i - 1;
                next[i] = i + 1 < size ? i + 1 : END;
            }
            for (int i = 0; i < size; i++) {
                offer(i);
            }
        }

        int[] run() {
            while (!queue.isEmpty()) {
                long entry = queue.poll();
                int at = (int) entry;
                if (ranks[at] == (int) (entry >>> 32)) {
                    merge(at);
                }
            }
            return collect();
        }

        private void merge(int at) {
            int right = next[at];
            ids[at] = results[at];
            ranks[right] = NO_MERGE;
            next[at] = next[right];
            if (next[at] != END) {
                previous[next[at]] = at;
            }
            offer(at);
            if (previous[at] != END) {
                offer(previous[at]);
            }
        }

        private void offer(int at) {
            long merge = next[at] == END ? MergeTable.NONE : table.find(ids[at], ids[next[at]]);
            ranks[at] = merge == MergeTable.NONE ? NO_MERGE : (int) (merge >>> 32);
            results[at] = (int) merge;
            if (merge != MergeTable.NONE) {
                queue.add((long) ranks[at] << 32 | at);
            }
        }

        private int[] collect() {
            int count = 0;
            int[] result = new int[size];
            for (int i = 0; i != END; i = next[i]) {
                result[count++] = ids[i];
            }
            return Arrays.copyOf(result, count);
        }
    }
}
