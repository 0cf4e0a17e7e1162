package io.orrery.engine.cpu;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A C kernel: {@code void name(const struct name *arguments, int64_t from, int64_t to, void *scratch)}. Immutable. */
record Kernel(String name, MethodHandle handle) {
    static final FunctionDescriptor DESCRIPTOR = FunctionDescriptor.ofVoid(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    /** Computes tasks {@code from} (inclusive) to {@code to} (exclusive). */
    void run(long arguments, long from, long to, long scratch) {
        try {
            handle.invokeExact(arguments, from, to, scratch);
        } catch (Throwable e) {
            throw new IllegalStateException("kernel " + name + " could not be called", e);
        }
    }
}
