package io.orrery.engine.cuda;

import io.orrery.engine.ops.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The functions of emulator.cpp. Whoever calls them serialises nothing: the library runs one launch at a time. */
final class EmulatorLibrary implements AutoCloseable {
    private static final String RESOURCE = "/native/liborrery-cuda-emulated.so";
    private static final long LONGEST_TEXT = 4096;

    private final Arena arena;
    private final SymbolLookup symbols;
    private final MethodHandle allocate;
    private final MethodHandle free;
    private final MethodHandle signature;
    private final MethodHandle launch;
    private final MethodHandle error;

    private EmulatorLibrary(Arena arena, Path file) {
        this.arena = arena;
        symbols = SymbolLookup.libraryLookup(file, arena);
        allocate = function("emulate_allocate", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        free = function("emulate_free", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        signature = function("emulate_signature", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        error = function("emulate_error", FunctionDescriptor.of(ValueLayout.ADDRESS));
        launch = function(
                "emulate_launch",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS));
    }

    /** Whether the build found a C++ compiler. */
    static boolean isBuilt() {
        return EmulatorLibrary.class.getResource(RESOURCE) != null;
    }

    /** The library of this build, unpacked; empty where it has none. */
    static Optional<EmulatorLibrary> ofBuild() {
        try (InputStream in = EmulatorLibrary.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                return Optional.empty();
            }
            Path file = Files.createTempFile("liborrery-cuda-emulated", ".so");
            try {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                return Optional.of(open(file));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new DeviceException(
                    "cannot unpack " + RESOURCE + " into " + System.getProperty("java.io.tmpdir")
                            + "; give java.io.tmpdir a writable folder",
                    e);
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // closed with the library
    static EmulatorLibrary open(Path file) {
        return new EmulatorLibrary(Arena.ofShared(), file);
    }

    private MethodHandle function(String name, FunctionDescriptor descriptor) {
        MemorySegment symbol = symbols.find(name)
                .orElseThrow(() -> new DeviceException("the emulator's library has no function " + name));
        return Linker.nativeLinker().downcallHandle(symbol, descriptor);
    }

    MemorySegment text(String value) {
        return arena.allocateFrom(value);
    }

    /** 0 where there is no memory left. */
    long allocate(long bytes) {
        try {
            return ((MemorySegment) allocate.invokeExact(bytes)).address();
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    boolean free(long address) {
        try {
            return (int) free.invokeExact(MemorySegment.ofAddress(address)) == 0;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** A letter for each parameter; empty where there is no such kernel. */
    Optional<String> signature(MemorySegment kernel) {
        try {
            MemorySegment text = (MemorySegment) signature.invokeExact(kernel);
            return text.address() == 0
                    ? Optional.empty()
                    : Optional.of(text.reinterpret(LONGEST_TEXT).getString(0));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** @return what was wrong; empty where nothing was */
    Optional<String> launch(MemorySegment kernel, Geometry geometry, MemorySegment arguments) {
        try {
            int failed = (int) launch.invokeExact(
                    kernel,
                    Math.toIntExact(geometry.gridX()),
                    Math.toIntExact(geometry.gridY()),
                    Math.toIntExact(geometry.gridZ()),
                    geometry.threadsX(),
                    geometry.threadsY(),
                    1,
                    geometry.sharedBytes(),
                    arguments);
            return failed == 0 ? Optional.empty() : Optional.of(error());
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private String error() throws Throwable {
        return ((MemorySegment) error.invokeExact()).reinterpret(LONGEST_TEXT).getString(0);
    }

    private static IllegalStateException broken(Throwable e) {
        return new IllegalStateException("the emulator could not be called", e);
    }

    @Override
    public void close() {
        arena.close();
    }
}
