package io.orrery.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A kernel's arguments as the driver wants them: an array of pointers to values. Confined to one thread, used again and again. */
final class KernelArguments implements AutoCloseable {
    static final int MOST = 48;

    @SuppressWarnings("MustBeClosedChecker") // closed with this
    private final Arena arena = Arena.ofShared();

    private final MemorySegment values = arena.allocate(ValueLayout.JAVA_LONG, MOST);
    private final MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, MOST);
    private final char[] kinds = new char[MOST];
    private int count;

    KernelArguments() {
        for (int i = 0; i < MOST; i++) {
            pointers.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice(8L * i));
        }
    }

    void clear() {
        count = 0;
    }

    /** A device address; 0 is null. */
    void pointer(long address) {
        values.setAtIndex(ValueLayout.JAVA_LONG, next('p'), address);
    }

    /** C's int. */
    void integer(int value) {
        values.setAtIndex(ValueLayout.JAVA_LONG, next('i'), value & 0xffffffffL);
    }

    /** C's long long. */
    void number(long value) {
        values.setAtIndex(ValueLayout.JAVA_LONG, next('l'), value);
    }

    /** C's float. */
    void real(float value) {
        values.setAtIndex(ValueLayout.JAVA_LONG, next('f'), Float.floatToRawIntBits(value) & 0xffffffffL);
    }

    private int next(char kind) {
        kinds[count] = kind;
        return count++;
    }

    /** Copies the values, eight bytes each whatever they are, to an index. @return the index behind them */
    int copyTo(MemorySegment to, int index) {
        MemorySegment.copy(values, 0, to, 8L * index, 8L * count);
        return index + count;
    }

    /** C's {@code void **}. */
    MemorySegment pointers() {
        return pointers;
    }

    /** A letter for each: p, i, l or f. */
    String kinds() {
        return new String(kinds, 0, count);
    }

    @Override
    public void close() {
        arena.close();
    }
}
