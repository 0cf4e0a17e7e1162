package io.orrery.cli.convert;

import static org.junit.jupiter.api.Assumptions.abort;

import io.orrery.gateway.NodeScripts;
import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;

/**
 * The real llama.cpp: the libraries that the npm package {@code node-llama-cpp} is built on, called in this process. Where there
 * is no npm, its registry cannot be reached, or this is no Linux on x86-64, the test is skipped with the reason.
 *
 * <p>Source of what is called: llama.cpp {@code include/llama.h}, ggml {@code include/ggml.h}.
 */
final class LlamaCpp {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    /** Settings pass by value. Their structs are smaller than this, and the callee reads the front only, which is its own. */
    static final GroupLayout SETTINGS = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(64, LONG));

    private final NativeFunctions functions;

    private LlamaCpp(NativeFunctions functions, Path folder) {
        this.functions = functions;
        MethodHandle nothing = MethodHandles.empty(
                MethodType.methodType(void.class, int.class, MemorySegment.class, MemorySegment.class));
        MemorySegment log = Linker.nativeLinker()
                .upcallStub(nothing, FunctionDescriptor.ofVoid(INT, POINTER, POINTER), Arena.global());
        run("llama_log_set", FunctionDescriptor.ofVoid(POINTER, POINTER), log, MemorySegment.NULL);
        MemorySegment path = Arena.ofAuto().allocateFrom(folder.toString());
        run("ggml_backend_load_all_from_path", FunctionDescriptor.ofVoid(POINTER), path);
        run("llama_backend_init", FunctionDescriptor.ofVoid());
    }

    static LlamaCpp load() throws IOException, InterruptedException {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            abort("llama.cpp is not tried: its libraries are fetched for Linux on x86-64 alone");
        }
        Path folder = Path.of("target/llama-cpp");
        NodeScripts.install(Path.of("src/test/node"), folder);
        Path libraries = folder.resolve("node_modules/@node-llama-cpp/linux-x64/bins/linux-x64")
                .toAbsolutePath();
        return new LlamaCpp(NativeFunctions.of(libraries, "libggml-base", "libggml.", "libllama."), libraries);
    }

    /** ggml's bytes of rows. */
    byte[] quantized(int ggmlType, float[] values, int columns, long bytes) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment from = call.allocateFrom(ValueLayout.JAVA_FLOAT, values);
            MemorySegment to = call.allocate(bytes, 64);
            FunctionDescriptor types = FunctionDescriptor.of(LONG, INT, POINTER, POINTER, LONG, LONG, LONG, POINTER);
            long rows = values.length / columns;
            Object written =
                    run("ggml_quantize_chunk", types, ggmlType, from, to, 0L, rows, (long) columns, MemorySegment.NULL);
            if ((long) written != bytes) {
                throw new AssertionError("ggml wrote " + written + " bytes and not " + bytes);
            }
            return to.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** What ggml reads in its bytes: the function stands in the traits of the type, behind what {@code ggml.h} puts there. */
    float[] decoded(int ggmlType, byte[] bytes, int elements) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment traits =
                    (MemorySegment) run("ggml_get_type_traits", FunctionDescriptor.of(POINTER, INT), ggmlType);
            MemorySegment toFloat = traits.reinterpret(48).get(POINTER, 40);
            MemorySegment to = call.allocate(ValueLayout.JAVA_FLOAT, elements);
            NativeFunctions.run(
                    toFloat,
                    FunctionDescriptor.ofVoid(POINTER, POINTER, LONG),
                    call.allocateFrom(ValueLayout.JAVA_BYTE, bytes),
                    to,
                    (long) elements);
            return to.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    /** What the program llama-quantize does. */
    void quantize(Path from, Path to, int fileType, boolean pure) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment settings = settings("llama_model_quantize_default_params", call);
            settings.set(INT, 0, 1);
            settings.set(INT, 4, fileType);
            settings.set(ValueLayout.JAVA_BYTE, 19, (byte) (pure ? 1 : 0));
            Object failed = run(
                    "llama_model_quantize",
                    FunctionDescriptor.of(INT, POINTER, POINTER, POINTER),
                    call.allocateFrom(from.toString()),
                    call.allocateFrom(to.toString()),
                    settings);
            if ((int) failed != 0) {
                throw new AssertionError("llama.cpp does not quantise " + from);
            }
        }
    }

    /** Opens a model on the CPU, its cache in F32 and attention in its plain form. */
    LlamaModel open(Path gguf) {
        Arena call = Arena.ofAuto();
        MemorySegment model = (MemorySegment) run(
                "llama_model_load_from_file",
                FunctionDescriptor.of(POINTER, POINTER, SETTINGS),
                call.allocateFrom(gguf.toString()),
                settings("llama_model_default_params", call));
        if (model.address() == 0) {
            throw new AssertionError("llama.cpp does not open " + gguf);
        }
        return new LlamaModel(this, model);
    }

    MemorySegment settings(String function, Arena call) {
        return (MemorySegment) run(function, FunctionDescriptor.of(SETTINGS), (SegmentAllocator) call);
    }

    Object run(String function, FunctionDescriptor types, Object... arguments) {
        return functions.run(function, types, arguments);
    }
}
