package io.orrery.engine.checkpoint.quantised;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The small whole numbers of a weight and of its zero points, wherever a file packs them. */
interface GroupedNumbers {
    /** Elements of a row that are read together, the last ones of a row excepted. */
    int CHUNK = 32;

    /** Numbers are packed into these. */
    ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Numbers of a row. @param from the first one, a multiple of {@link #CHUNK}; count at most as many */
    void read(int row, int from, int count, int[] numbers);

    /** What is taken from a number of the row before it is scaled. */
    int zero(int row, int group);

    static int word(MemorySegment words, long index) {
        return words.get(WORD, index * Integer.BYTES);
    }
}
