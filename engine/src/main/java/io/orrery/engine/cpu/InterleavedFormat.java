package io.orrery.engine.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kernels of one format of interleaved weights: an interleaved_*.c. Immutable. */
record InterleavedFormat(Kernel shape, Kernel pack, Kernel linear, Kernel rows) {
    /** @param name a prefix that {@link #isIn} found */
    InterleavedFormat(KernelLibrary library, String name) {
        this(
                library.kernel(name + "_interleaved_shape"),
                library.kernel(name + "_interleave"),
                library.kernel(name + "_interleaved_linear"),
                library.kernel(name + "_interleaved_rows"));
    }

    static boolean isIn(KernelLibrary library, String name) {
        return library.has(name + "_interleaved_linear");
    }

    /**
     * What rows of so many columns need.
     *
     * @param groupBytes of sixteen rows
     * @param unit columns that share a scale, or 0 where inputs are not quantised
     * @param offset what numbers are less
     * @param minima whether something is taken off each unit
     */
    record Layout(long groupBytes, long unit, long offset, boolean minima) {
        /** Whether what one multiplies by is what the other does. */
        boolean takesInputsOf(Layout other) {
            return unit == other.unit && offset == other.offset && minima == other.minima;
        }
    }

    Layout layout(long columns) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ValueLayout.JAVA_LONG, 4);
            shape.run(to.address(), columns, 0, 0);
            return new Layout(
                    to.getAtIndex(ValueLayout.JAVA_LONG, 0),
                    to.getAtIndex(ValueLayout.JAVA_LONG, 1),
                    to.getAtIndex(ValueLayout.JAVA_LONG, 2),
                    to.getAtIndex(ValueLayout.JAVA_LONG, 3) != 0);
        }
    }
}
