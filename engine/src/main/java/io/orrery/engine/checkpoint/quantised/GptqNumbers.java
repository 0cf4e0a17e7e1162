package io.orrery.engine.checkpoint.quantised;

import java.lang.foreign.MemorySegment;

/**
 * Numbers that follow each other without gaps, the lowest bits first: down the inputs of a row for weights, along the rows for
 * zeros. Those of 3 bits run over from one word into the next. Source: AutoGPTQ {@code nn_modules/qlinear/qlinear_cuda.py}, {@code
 * pack}.
 *
 * @param weights {@code [in * bits / 32, out]}
 * @param zeros {@code [groups, out * bits / 32]}
 * @param more than what is stored the zeros are: 1 in the first version of the format. Where 2^bits - 1 is stored, which
 *     symmetric weights never do, that is 2^bits and not 0: the kernels of AutoGPTQ do not agree about it
 */
record GptqNumbers(int bits, MemorySegment weights, MemorySegment zeros, int out, int more) implements GroupedNumbers {
    @Override
    public void read(int row, int from, int count, int[] numbers) {
        long word = (long) (from / CHUNK) * bits * out + row;
        long held = 0;
        int heldBits = 0;
        for (int j = 0; j < count; j++) {
            if (heldBits < bits) {
                held |= Integer.toUnsignedLong(GroupedNumbers.word(weights, word)) << heldBits;
                heldBits += Integer.SIZE;
                word += out;
            }
            numbers[j] = (int) held & mask();
            held >>>= bits;
            heldBits -= bits;
        }
    }

    @Override
    public int zero(int row, int group) {
        return stored(row, group) + more;
    }

    private int stored(int row, int group) {
        long bit = (long) row * bits;
        int shift = (int) (bit % Integer.SIZE);
        long word = (long) group * zeroWords(out, bits) + bit / Integer.SIZE;
        int value = GroupedNumbers.word(zeros, word) >>> shift;
        if (shift + bits > Integer.SIZE) {
            value |= GroupedNumbers.word(zeros, word + 1) << (Integer.SIZE - shift);
        }
        return value & mask();
    }

    /** Words that hold the zeros of a group. */
    static long zeroWords(int out, int bits) {
        return (long) out * bits / Integer.SIZE;
    }

    private int mask() {
        return (1 << bits) - 1;
    }

    /** Whether every stored zero is the middle of the range, which in the first version would be one more than the middle. */
    boolean storesTheMiddle(int groups) {
        for (int group = 0; group < groups; group++) {
            for (int row = 0; row < out; row++) {
                if (stored(row, group) != 1 << bits - 1) {
                    return false;
                }
            }
        }
        return true;
    }

    GptqNumbers withMore(int other) {
        return new GptqNumbers(bits, weights, zeros, out, other);
    }
}
