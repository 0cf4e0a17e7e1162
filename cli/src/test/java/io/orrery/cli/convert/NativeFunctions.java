package io.orrery.cli.convert;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Functions of shared libraries, called by name. */
record NativeFunctions(SymbolLookup lookup) {
    /** Loads libraries of a folder by the beginnings of their names, those first that others need. */
    static NativeFunctions of(Path folder, String... prefixes) throws IOException {
        SymbolLookup lookup = _ -> Optional.empty();
        for (String prefix : prefixes) {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> found = files.filter(
                                file -> file.getFileName().toString().startsWith(prefix))
                        .toList();
                if (found.size() != 1) {
                    throw new AssertionError(folder + " has " + found + " where one " + prefix + "*.so is expected");
                }
                lookup = lookup.or(SymbolLookup.libraryLookup(found.getFirst(), Arena.global()));
            }
        }
        return new NativeFunctions(lookup);
    }

    Object run(String function, FunctionDescriptor types, Object... arguments) {
        MemorySegment address =
                lookup.find(function).orElseThrow(() -> new AssertionError("there is no function " + function));
        return run(address, types, arguments);
    }

    /** What it returns; nothing is NULL. */
    static Object run(MemorySegment address, FunctionDescriptor types, Object... arguments) {
        MethodHandle handle = Linker.nativeLinker().downcallHandle(address, types);
        try {
            Object result = handle.invokeWithArguments(arguments);
            return result == null ? MemorySegment.NULL : result;
        } catch (Throwable e) {
            throw new AssertionError("the function cannot be called as " + types, e);
        }
    }
}
