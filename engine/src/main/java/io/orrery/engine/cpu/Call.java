package io.orrery.engine.cpu;

import io.orrery.engine.ops.Arguments;
import io.orrery.engine.ops.HostWorkspace;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a kernel's argument struct field by field, every field eight bytes wide, and runs it. One call at a time; confined
 * to the thread that owns the device.
 */
final class Call implements AutoCloseable {
    private static final int MOST_FIELDS = 32;
    private static final int MOST_WORKS = 8;

    private final Workers workers;

    @SuppressWarnings("MustBeClosedChecker") // closed with this
    private final Arena arena = Arena.ofShared();

    private final MemorySegment arguments = arena.allocate(ValueLayout.JAVA_LONG, MOST_FIELDS * MOST_WORKS);
    private final HostWorkspace arrays = new HostWorkspace();
    private final List<Workers.Work> works = new ArrayList<>();
    private int begin;
    private int fields;

    Call(Workers workers) {
        this.workers = workers;
    }

    /** Begins anew; arrays of the call before are gone. */
    Call start() {
        arrays.reset();
        return again();
    }

    /** Begins the next call on arrays that the one before filled. */
    Call again() {
        works.clear();
        begin = 0;
        fields = 0;
        return this;
    }

    /** Puts what was written so far by, to be computed beside what is written next. */
    void beside(Kernel kernel, long tasks) {
        works.add(new Workers.Work(kernel, address(), tasks));
        begin += MOST_FIELDS;
        fields = begin;
    }

    /** Whether another work can be put beside those that are. */
    boolean hasRoom() {
        return works.size() < MOST_WORKS;
    }

    private long address() {
        return arguments.address() + (long) begin * Long.BYTES;
    }

    Call integer(long value) {
        arguments.setAtIndex(ValueLayout.JAVA_LONG, fields++, value);
        return this;
    }

    Call real(double value) {
        arguments.setAtIndex(ValueLayout.JAVA_DOUBLE, fields++, value);
        return this;
    }

    Call pointer(@Nullable Tensor tensor) {
        return integer(tensor == null ? 0 : address(tensor));
    }

    private static long address(Tensor tensor) {
        MemorySegment segment = tensor.segment();
        Arguments.require(segment.isNative(), "%s is on the Java heap, where kernels cannot reach it", tensor);
        Arguments.require(segment.scope().isAlive(), "%s was used after its memory was given back", tensor);
        return segment.address();
    }

    Call ints(int[] values) {
        MemorySegment copy = arrays.empty(values.length).segment();
        MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_INT, 0, values.length);
        return integer(copy.address());
    }

    Call floats(float[] values) {
        MemorySegment copy = arrays.empty(values.length).segment();
        MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_FLOAT, 0, values.length);
        return integer(copy.address());
    }

    /** Memory for what a kernel hands on, valid until the next {@link #start}. */
    Tensor array(long... dims) {
        return arrays.empty(dims);
    }

    void run(Kernel kernel, long tasks) {
        run(kernel, tasks, 0);
    }

    /** @param scratchBytes of memory for each thread */
    void run(Kernel kernel, long tasks, long scratchBytes) {
        workers.run(kernel, address(), tasks, scratchBytes);
    }

    /** Runs all that was put {@link #beside} each other. */
    void runAll(long scratchBytes) {
        workers.run(works, scratchBytes);
        again();
    }

    /** How many tasks so many units make. */
    static long tasks(long units, int unitsPerTask) {
        return (units + unitsPerTask - 1) / unitsPerTask;
    }

    @Override
    public void close() {
        arrays.close();
        arena.close();
    }
}
