package io.orrery.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;

/**
 * The driver's cuLaunchKernel called without JNI, because it is called hundreds of times a token: 8 µs a launch by JCuda on an
 * H200, all of an operation included.
 */
final class KernelLaunch {
    private static final MethodHandle LAUNCH = Linker.nativeLinker()
            .downcallHandle(
                    SymbolLookup.libraryLookup("libcuda.so.1", Arena.global())
                            .find("cuLaunchKernel")
                            .orElseThrow(),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS));

    private KernelLaunch() {}

    /** JCuda's function, and the driver's own handle of it. */
    static final class Function extends CUfunction {
        long handle() {
            return getNativePointer();
        }
    }

    /** Likewise. */
    static final class Stream extends CUstream {
        long handle() {
            return getNativePointer();
        }
    }

    /** A code of the driver's. */
    static int run(Function function, Geometry geometry, Stream stream, MemorySegment pointers) {
        try {
            return (int) LAUNCH.invokeExact(
                    function.handle(),
                    Math.toIntExact(geometry.gridX()),
                    Math.toIntExact(geometry.gridY()),
                    Math.toIntExact(geometry.gridZ()),
                    geometry.threadsX(),
                    geometry.threadsY(),
                    1,
                    geometry.sharedBytes(),
                    stream.handle(),
                    pointers,
                    MemorySegment.NULL);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cuLaunchKernel throws nothing", e);
        }
    }
}
