package io.orrery.engine.ops;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Large pieces of memory from the system itself, where that is Linux: pages are zero and none is there before it is touched, so
 * that a cache takes what it uses; and they are huge where the system allows it, which saves a load the faults of 512 times as
 * many and a kernel their translations. Elsewhere, and for smaller pieces, memory of an {@link Arena}, which is zero too.
 *
 * <p>Source of the numbers: Linux {@code include/uapi/asm-generic/mman-common.h} and {@code mman.h}.
 */
final class SystemMemory {
    private static final long HUGE_PAGE = 2 << 20;
    private static final int READ_AND_WRITE = 0x1 | 0x2;
    private static final int PRIVATE_AND_ANONYMOUS = 0x02 | 0x20;
    private static final int ADVICE_HUGE_PAGES = 14;
    private static final boolean IS_LINUX = System.getProperty("os.name").equals("Linux");

    private SystemMemory() {}

    /**
     * Zeros, aligned to {@link HostWorkspace#ALIGNMENT}, as long as the arena is open.
     *
     * @throws OutOfMemoryError where the system has none left to give
     */
    static MemorySegment allocate(long bytes, Arena arena) {
        return IS_LINUX && bytes >= HUGE_PAGE ? map(bytes, arena) : arena.allocate(bytes, HostWorkspace.ALIGNMENT);
    }

    private static MemorySegment map(long bytes, Arena arena) {
        long mapped = bytes + HUGE_PAGE;
        MemorySegment memory = (MemorySegment)
                call(Linux.MAP, MemorySegment.NULL, mapped, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
        if (memory.address() == -1) {
            throw new OutOfMemoryError("the system has no " + bytes + " bytes of memory left");
        }
        MemorySegment owned = memory.reinterpret(mapped, arena, gone -> call(Linux.UNMAP, gone, mapped));
        long padding = -memory.address() & (HUGE_PAGE - 1);
        MemorySegment aligned = owned.asSlice(padding, bytes);
        call(
                Linux.ADVISE,
                aligned,
                bytes / HUGE_PAGE * HUGE_PAGE,
                ADVICE_HUGE_PAGES); // a system without huge pages refuses
        return aligned;
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("a function of the system cannot be called as " + function.type(), e);
        }
    }

    /** Bound when they are first needed. */
    private static final class Linux {
        static final MethodHandle MAP = function(
                "mmap",
                FunctionDescriptor.of(
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG));
        static final MethodHandle UNMAP = function(
                "munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        static final MethodHandle ADVISE = function(
                "madvise",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

        private static MethodHandle function(String name, FunctionDescriptor types) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types);
        }
    }
}
