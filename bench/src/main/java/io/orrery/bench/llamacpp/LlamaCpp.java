package io.orrery.bench.llamacpp;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Speed of the llama.cpp that the npm package {@code node-llama-cpp} is built on, in a process of its own: its libraries are
 * called as {@code llama-bench} calls them, {@code llama_decode} of one batch for a prompt and of one token after the other for an
 * answer, without sampling. Everything but the number of threads is as llama.cpp has it by default.
 *
 * <p>Source: llama.cpp {@code tools/llama-bench/llama-bench.cpp} ({@code test_prompt}, {@code test_gen}), {@code include/llama.h}.
 */
final class LlamaCpp {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    /** Settings pass by value. Their structs are smaller than this, and the callee reads the front only, which is its own. */
    private static final GroupLayout SETTINGS =
            MemoryLayout.structLayout(MemoryLayout.sequenceLayout(64, ValueLayout.JAVA_LONG));

    private static final GroupLayout BATCH =
            MemoryLayout.structLayout(INT, MemoryLayout.paddingLayout(4), MemoryLayout.sequenceLayout(6, POINTER));

    /** Where {@code llama_context_params} has what is set or checked here. */
    private static final int CONTEXT = 0;

    private static final int MICRO_BATCH = 8;
    private static final int THREADS = 28;

    private final SymbolLookup lookup;
    private final MethodHandle decode;
    private final MethodHandle synchronize;
    private final MethodHandle getMemory;
    private final MethodHandle clearMemory;
    private final MemorySegment context;
    private final int vocabSize;
    private final Random random = new Random(1);

    private LlamaCpp(Path folder, Path model, int threads, int contextLength) throws IOException {
        lookup = libraries(folder, "libggml-base", "libggml.", "libllama.");
        start(folder);
        MemorySegment opened = (MemorySegment) call(
                function("llama_model_load_from_file", FunctionDescriptor.of(POINTER, POINTER, SETTINGS)),
                text(model.toString()),
                settings("llama_model_default_params"));
        if (opened.address() == 0) {
            throw new IllegalStateException("llama.cpp does not open " + model);
        }
        decode = function("llama_decode", FunctionDescriptor.of(INT, POINTER, BATCH));
        synchronize = function("llama_synchronize", FunctionDescriptor.ofVoid(POINTER));
        getMemory = function("llama_get_memory", FunctionDescriptor.of(POINTER, POINTER));
        clearMemory = function("llama_memory_clear", FunctionDescriptor.ofVoid(POINTER, ValueLayout.JAVA_BOOLEAN));
        context = context(opened, threads, contextLength);
        Object vocabulary = call(function("llama_model_get_vocab", FunctionDescriptor.of(POINTER, POINTER)), opened);
        vocabSize = (int) call(function("llama_vocab_n_tokens", FunctionDescriptor.of(INT, POINTER)), vocabulary);
    }

    /** {@code LIBRARIES MODEL THREADS PROMPT ANSWER}: prints one line of tokens a second of both. */
    public static void main(String[] arguments) throws IOException {
        int prompt = Integer.parseInt(arguments[3]);
        int answer = Integer.parseInt(arguments[4]);
        LlamaCpp llamaCpp = new LlamaCpp(
                Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]), Math.max(prompt, answer));
        llamaCpp.nanos(1, prompt);
        double promptSpeed = prompt * 1e9 / llamaCpp.nanos(1, prompt);
        llamaCpp.nanos(Math.min(answer, 8), 1);
        double answerSpeed = answer * 1e9 / llamaCpp.nanos(answer, 1);
        System.out.printf(Locale.ROOT, "%.3f %.3f%n", promptSpeed, answerSpeed);
    }

    /** Time of so many batches of random tokens, one behind the other, on an empty cache. */
    private long nanos(int batches, int tokens) {
        call(clearMemory, call(getMemory, context), false);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ids = arena.allocate(INT, tokens);
            MemorySegment batch = arena.allocate(BATCH);
            batch.set(INT, 0, tokens);
            batch.set(POINTER, 8, ids);
            long start = System.nanoTime();
            for (int i = 0; i < batches; i++) {
                for (int j = 0; j < tokens; j++) {
                    ids.setAtIndex(INT, j, random.nextInt(vocabSize));
                }
                int failed = (int) call(decode, context, batch);
                if (failed != 0) {
                    throw new IllegalStateException("llama_decode of " + tokens + " tokens returned " + failed);
                }
                call(synchronize, context);
            }
            return System.nanoTime() - start;
        }
    }

    private MemorySegment context(MemorySegment model, int threads, int length) {
        MemorySegment settings = settings("llama_context_default_params");
        if (settings.get(INT, CONTEXT) != 512 || settings.get(INT, MICRO_BATCH) != 512) {
            throw new IllegalStateException("llama_context_params has another layout in this version of llama.cpp");
        }
        settings.set(INT, CONTEXT, length);
        settings.set(INT, THREADS, threads);
        settings.set(INT, THREADS + 4, threads);
        MemorySegment made = (MemorySegment) call(
                function("llama_init_from_model", FunctionDescriptor.of(POINTER, POINTER, SETTINGS)), model, settings);
        if (made.address() == 0) {
            throw new IllegalStateException("llama.cpp makes no context of " + length + " tokens");
        }
        return made;
    }

    private void start(Path folder) {
        MethodHandle silence = MethodHandles.empty(
                MethodType.methodType(void.class, int.class, MemorySegment.class, MemorySegment.class));
        MemorySegment log = Linker.nativeLinker()
                .upcallStub(silence, FunctionDescriptor.ofVoid(INT, POINTER, POINTER), Arena.global());
        call(function("llama_log_set", FunctionDescriptor.ofVoid(POINTER, POINTER)), log, MemorySegment.NULL);
        call(function("ggml_backend_load_all_from_path", FunctionDescriptor.ofVoid(POINTER)), text(folder.toString()));
        call(function("llama_backend_init", FunctionDescriptor.ofVoid()));
    }

    private MemorySegment settings(String name) {
        return (MemorySegment) call(function(name, FunctionDescriptor.of(SETTINGS)), (SegmentAllocator) Arena.global());
    }

    private static MemorySegment text(String text) {
        return Arena.global().allocateFrom(text);
    }

    private MethodHandle function(String name, FunctionDescriptor types) {
        MemorySegment address = lookup.find(name)
                .orElseThrow(() -> new IllegalStateException("this llama.cpp has no function " + name));
        return Linker.nativeLinker().downcallHandle(address, types);
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            Object result = function.invokeWithArguments(arguments);
            return result == null ? MemorySegment.NULL : result;
        } catch (Throwable e) {
            throw new IllegalStateException("a function of llama.cpp failed on " + Arrays.toString(arguments), e);
        }
    }

    /** Those first that others need. */
    private static SymbolLookup libraries(Path folder, String... prefixes) throws IOException {
        SymbolLookup lookup = SymbolLookup.loaderLookup();
        for (String prefix : prefixes) {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> found = files.filter(
                                file -> file.getFileName().toString().startsWith(prefix))
                        .toList();
                if (found.size() != 1) {
                    throw new IllegalStateException(folder + " has " + found + " where one " + prefix + "*.so belongs");
                }
                lookup = lookup.or(SymbolLookup.libraryLookup(found.getFirst(), Arena.global()));
            }
        }
        return lookup;
    }
}
