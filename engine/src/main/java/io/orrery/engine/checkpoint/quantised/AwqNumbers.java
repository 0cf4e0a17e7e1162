package io.orrery.engine.checkpoint.quantised;

import java.lang.foreign.MemorySegment;

/**
 * 4-bit numbers of eight rows to a word, in the order that its kernel unpacks them in. Source: AutoAWQ {@code
 * awq/modules/linear/gemm.py}, {@code from_linear}.
 *
 * @param weights {@code [in, out / 8]}
 * @param zeros {@code [groups, out / 8]}
 */
record AwqNumbers(MemorySegment weights, MemorySegment zeros, int out) implements GroupedNumbers {
    static final int BITS = 4;
    static final int ROWS_A_WORD = Integer.SIZE / BITS;

    /** Where in the word the number of each of eight rows is; what is there are the rows 0, 2, 4, 6, 1, 3, 5, 7. */
    private static final int[] PLACES = {0, 4, 1, 5, 2, 6, 3, 7};

    @Override
    public void read(int row, int from, int count, int[] numbers) {
        for (int j = 0; j < count; j++) {
            numbers[j] = at(weights, from + j, row);
        }
    }

    @Override
    public int zero(int row, int group) {
        return at(zeros, group, row);
    }

    private int at(MemorySegment words, long line, int row) {
        int word = GroupedNumbers.word(words, line * (out / ROWS_A_WORD) + row / ROWS_A_WORD);
        return word >>> BITS * PLACES[row % ROWS_A_WORD] & 15;
    }
}
