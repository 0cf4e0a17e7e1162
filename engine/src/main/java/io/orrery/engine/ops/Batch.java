package io.orrery.engine.ops;

import java.util.stream.IntStream;

/**
 * The tokens of one step: T tokens of S sequences, one after the other, without padding. Where a token's key and value lie
 * is said by blocks: key j of sequence s is row {@code blockTables[s][j / blockSize] * blockSize + j % blockSize} of the
 * key tensor. Prefill, a chunk of it, decode and packed training are the same thing.
 *
 * <p>The arrays are handed over, and must not change afterwards: a device may keep its copy by this object's identity.
 */
public final class Batch {
    private final int[] positions;
    private final int[] starts;
    private final int[] contextLengths;
    private final int[][] blockTables;
    private final int blockSize;
    private final int[] slots;
    private final int[] lengths;

    /**
     * @param positions position of each token in its sequence, [T]
     * @param starts first token of each sequence, then T: cu_seqlens, [S + 1]
     * @param contextLengths keys that the sequence has once this step's are stored, [S]; its last token sees them all
     * @param blockTables blocks of each sequence in order, [S][ceil(contextLength / blockSize)]
     * @param blockSize tokens a block
     * @param slots row of the key and value tensors that each token's own key and value lie in, [T]
     */
    public Batch(int[] positions, int[] starts, int[] contextLengths, int[][] blockTables, int blockSize, int[] slots) {
        this(positions, starts, contextLengths, blockTables, blockSize, slots, contextLengths);
    }

    private Batch(
            int[] positions,
            int[] starts,
            int[] contextLengths,
            int[][] blockTables,
            int blockSize,
            int[] slots,
            int[] lengths) {
        if (starts.length != contextLengths.length + 1 || starts[starts.length - 1] != positions.length) {
            throw new IllegalArgumentException(starts.length + " starts do not fit " + contextLengths.length
                    + " sequences of " + positions.length + " tokens in all");
        }
        this.positions = positions;
        this.starts = starts;
        this.contextLengths = contextLengths;
        this.blockTables = blockTables;
        this.blockSize = blockSize;
        this.slots = slots;
        this.lengths = lengths;
    }

    /**
     * The same step of sequences that are known to grow: the first chunk of a long prompt belongs to a long sequence.
     *
     * @param lengths tokens of each sequence, those of later steps of its prompt included, [S]
     */
    public Batch ofLengths(int[] lengths) {
        if (lengths.length != contextLengths.length) {
            throw new IllegalArgumentException(lengths.length + " lengths of " + contextLengths.length + " sequences");
        }
        return new Batch(positions, starts, contextLengths, blockTables, blockSize, slots, lengths);
    }

    /** Whole sequences side by side with no cache, as training sees them: keys are the step's own rows. */
    public static Batch packed(int... lengths) {
        int[] starts = new int[lengths.length + 1];
        for (int s = 0; s < lengths.length; s++) {
            starts[s + 1] = starts[s] + lengths[s];
        }
        int tokens = starts[lengths.length];
        int[] positions = new int[tokens];
        int[][] tables = new int[lengths.length][];
        for (int s = 0; s < lengths.length; s++) {
            tables[s] = IntStream.range(starts[s], starts[s + 1]).toArray();
            for (int i = 0; i < lengths[s]; i++) {
                positions[starts[s] + i] = i;
            }
        }
        return new Batch(
                positions,
                starts,
                lengths.clone(),
                tables,
                1,
                IntStream.range(0, tokens).toArray());
    }

    /** T. */
    public int tokens() {
        return positions.length;
    }

    /** S. */
    public int sequences() {
        return contextLengths.length;
    }

    public int[] positions() {
        return positions;
    }

    public int[] starts() {
        return starts;
    }

    public int[] contextLengths() {
        return contextLengths;
    }

    /** Tokens of each sequence with the rest of its prompt, where that is known; else as {@link #contextLengths}. */
    public int[] lengths() {
        return lengths;
    }

    public int[][] blockTables() {
        return blockTables;
    }

    public int blockSize() {
        return blockSize;
    }

    public int[] slots() {
        return slots;
    }

    /** Row of the key tensor that key {@code index} of a sequence lies in. */
    public int slot(int sequence, int index) {
        return blockTables[sequence][index / blockSize] * blockSize + index % blockSize;
    }
}
