package io.orrery.engine.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
import java.util.List;
import java.util.Optional;

/** The C kernels at one instruction level, open as long as its arena. Immutable. */
final class KernelLibrary {
    /** Worst first, as {@code cpu_level} in cpu_level.c numbers them. */
    static final List<String> LEVELS = List.of("portable", "x86-64-v3", "avx512");

    private final String level;
    private final SymbolLookup symbols;

    private KernelLibrary(String level, SymbolLookup symbols) {
        this.level = level;
        this.symbols = symbols;
    }

    /** The best level that was built and that this CPU runs; empty where the build found no C compiler. */
    static Optional<KernelLibrary> best(Arena arena) {
        return open("portable", arena).map(portable -> {
            for (int level = portable.cpuLevel(); level > 0; level--) {
                Optional<KernelLibrary> library = open(LEVELS.get(level), arena);
                if (library.isPresent()) {
                    return library.get();
                }
            }
            return portable;
        });
    }

    /** Empty where that level was not built. The caller knows that the CPU runs it. */
    static Optional<KernelLibrary> open(String level, Arena arena) {
        String resource = "/native/liborrery-" + level + ".so";
        try (InputStream in = KernelLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            Path file = Files.createTempFile("liborrery-" + level, ".so");
            try {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                return Optional.of(new KernelLibrary(level, SymbolLookup.libraryLookup(file, arena)));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot unpack " + resource + " into " + System.getProperty("java.io.tmpdir")
                            + "; give java.io.tmpdir a writable folder",
                    e);
        }
    }

    String level() {
        return level;
    }

    /** What this CPU runs, an index of {@link #LEVELS}. */
    int cpuLevel() {
        return Math.toIntExact(ask("cpu_level"));
    }

    /** Whether this CPU has AVX512_BF16, which not every one with AVX-512 has. */
    boolean cpuHasBf16() {
        return ask("cpu_has_bf16") != 0;
    }

    private long ask(String function) {
        MethodHandle handle =
                Linker.nativeLinker().downcallHandle(symbol(function), FunctionDescriptor.of(ValueLayout.JAVA_LONG));
        try {
            return (long) handle.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(function + " could not be called", e);
        }
    }

    /** Whether this level has that kernel. */
    boolean has(String kernel) {
        return symbols.find(kernel).isPresent();
    }

    Kernel kernel(String name) {
        return new Kernel(name, Linker.nativeLinker().downcallHandle(symbol(name), Kernel.DESCRIPTOR));
    }

    /** Where a function lies that kernels call. */
    long address(String function) {
        return symbol(function).address();
    }

    private MemorySegment symbol(String name) {
        return symbols.find(name)
                .orElseThrow(() -> new IllegalStateException("liborrery-" + level + " has no kernel " + name));
    }
}
