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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    private static final GroupLayout SETTINGS = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(64, LONG));

    private static final GroupLayout BATCH =
            MemoryLayout.structLayout(INT, MemoryLayout.paddingLayout(4), MemoryLayout.sequenceLayout(6, POINTER));

    private static final int MOST_TOKENS = 256;

    /** Where the settings of a context stand: its length, threads, whether attention is fused, and the types of keys and values. */
    private static final int CONTEXT = 0;

    private static final int THREADS = 28;
    private static final int ATTENTION = 52;
    private static final int KEYS = 104;

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
    Model open(Path gguf) {
        Arena call = Arena.ofAuto();
        MemorySegment model = (MemorySegment) run(
                "llama_model_load_from_file",
                FunctionDescriptor.of(POINTER, POINTER, SETTINGS),
                call.allocateFrom(gguf.toString()),
                settings("llama_model_default_params", call));
        if (model.address() == 0) {
            throw new AssertionError("llama.cpp does not open " + gguf);
        }
        return new Model(model);
    }

    private MemorySegment settings(String function, Arena call) {
        return (MemorySegment) run(function, FunctionDescriptor.of(SETTINGS), (SegmentAllocator) call);
    }

    private Object run(String function, FunctionDescriptor types, Object... arguments) {
        return functions.run(function, types, arguments);
    }

    /** An open model. */
    final class Model implements AutoCloseable {
        private final MemorySegment model;

        private Model(MemorySegment model) {
            this.model = model;
        }

        int[] tokenize(String text, boolean around) {
            try (Arena call = Arena.ofConfined()) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                MemorySegment ids = call.allocate(INT, MOST_TOKENS);
                FunctionDescriptor types = FunctionDescriptor.of(
                        INT, POINTER, POINTER, INT, POINTER, INT, ValueLayout.JAVA_BOOLEAN, ValueLayout.JAVA_BOOLEAN);
                int count = (int) run(
                        "llama_tokenize",
                        types,
                        vocabulary(),
                        call.allocateFrom(text),
                        utf8.length,
                        ids,
                        MOST_TOKENS,
                        around,
                        true);
                return ids.asSlice(0, 4L * count).toArray(INT);
            }
        }

        private MemorySegment vocabulary() {
            return (MemorySegment) run("llama_model_get_vocab", FunctionDescriptor.of(POINTER, POINTER), model);
        }

        /** The logits after every token. */
        List<float[]> logits(int[] ids) {
            return logits(ids, MemorySegment.NULL);
        }

        /** The same with a LoRA adapter over the model. */
        List<float[]> logits(int[] ids, Path lora) {
            MemorySegment adapter = (MemorySegment) run(
                    "llama_adapter_lora_init",
                    FunctionDescriptor.of(POINTER, POINTER, POINTER),
                    model,
                    Arena.ofAuto().allocateFrom(lora.toString()));
            if (adapter.address() == 0) {
                throw new AssertionError("llama.cpp does not open " + lora);
            }
            return logits(ids, adapter);
        }

        private List<float[]> logits(int[] ids, MemorySegment adapter) {
            try (Arena call = Arena.ofConfined()) {
                MemorySegment context = context(call);
                if (adapter.address() != 0) {
                    FunctionDescriptor types = FunctionDescriptor.of(INT, POINTER, POINTER, LONG, POINTER);
                    MemorySegment one = call.allocateFrom(ValueLayout.JAVA_FLOAT, 1);
                    run("llama_set_adapters_lora", types, context, call.allocateFrom(POINTER, adapter), 1L, one);
                }
                MemorySegment batch = call.allocate(BATCH);
                batch.set(INT, 0, ids.length);
                batch.set(POINTER, 8, call.allocateFrom(INT, ids));
                byte[] all = new byte[ids.length];
                Arrays.fill(all, (byte) 1);
                batch.set(POINTER, 48, call.allocateFrom(ValueLayout.JAVA_BYTE, all));
                int failed = (int) run("llama_decode", FunctionDescriptor.of(INT, POINTER, BATCH), context, batch);
                if (failed != 0) {
                    throw new AssertionError("llama.cpp does not compute " + Arrays.toString(ids));
                }
                List<float[]> logits = new ArrayList<>();
                for (int i = 0; i < ids.length; i++) {
                    logits.add(row(context, i));
                }
                run("llama_free", FunctionDescriptor.ofVoid(POINTER), context);
                return logits;
            }
        }

        private MemorySegment context(Arena call) {
            MemorySegment settings = settings("llama_context_default_params", call);
            if (settings.get(INT, CONTEXT) != 512
                    || settings.get(INT, ATTENTION) != -1
                    || settings.get(INT, KEYS) != 1) {
                throw new AssertionError("llama_context_params has another layout in this version");
            }
            settings.set(INT, CONTEXT, MOST_TOKENS);
            settings.set(INT, THREADS, 1);
            settings.set(INT, THREADS + 4, 1);
            settings.set(INT, ATTENTION, 0);
            settings.set(INT, KEYS, 0);
            settings.set(INT, KEYS + 4, 0);
            MemorySegment context = (MemorySegment)
                    run("llama_init_from_model", FunctionDescriptor.of(POINTER, POINTER, SETTINGS), model, settings);
            if (context.address() == 0) {
                throw new AssertionError("llama.cpp makes no context of the model");
            }
            return context;
        }

        private float[] row(MemorySegment context, int index) {
            int width = (int) run("llama_vocab_n_tokens", FunctionDescriptor.of(INT, POINTER), vocabulary());
            MemorySegment row = (MemorySegment)
                    run("llama_get_logits_ith", FunctionDescriptor.of(POINTER, POINTER, INT), context, index);
            return row.reinterpret(4L * width).toArray(ValueLayout.JAVA_FLOAT);
        }

        @Override
        public void close() {
            run("llama_model_free", FunctionDescriptor.ofVoid(POINTER), model);
        }
    }
}
