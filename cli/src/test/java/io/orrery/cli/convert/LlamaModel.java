package io.orrery.cli.convert;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A model that llama.cpp has open. */
final class LlamaModel implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final GroupLayout BATCH =
            MemoryLayout.structLayout(INT, MemoryLayout.paddingLayout(4), MemoryLayout.sequenceLayout(6, POINTER));

    private static final int MOST_TOKENS = 256;

    /** Where the settings of a context stand: its length, threads, whether attention is fused, and the types of keys and values. */
    private static final int CONTEXT = 0;

    private static final int THREADS = 28;
    private static final int ATTENTION = 52;
    private static final int KEYS = 104;

    private final LlamaCpp llamaCpp;
    private final MemorySegment model;

    LlamaModel(LlamaCpp llamaCpp, MemorySegment model) {
        this.llamaCpp = llamaCpp;
        this.model = model;
    }

    int[] tokenize(String text, boolean around) {
        try (Arena call = Arena.ofConfined()) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            MemorySegment ids = call.allocate(INT, MOST_TOKENS);
            FunctionDescriptor types = FunctionDescriptor.of(
                    INT, POINTER, POINTER, INT, POINTER, INT, ValueLayout.JAVA_BOOLEAN, ValueLayout.JAVA_BOOLEAN);
            int count = (int) llamaCpp.run(
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
        return (MemorySegment) llamaCpp.run("llama_model_get_vocab", FunctionDescriptor.of(POINTER, POINTER), model);
    }

    /** The logits after every token. */
    List<float[]> logits(int[] ids) {
        return logits(ids, MemorySegment.NULL);
    }

    /** The same with a LoRA adapter over the model. */
    List<float[]> logits(int[] ids, Path lora) {
        MemorySegment adapter = (MemorySegment) llamaCpp.run(
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
                llamaCpp.run("llama_set_adapters_lora", types, context, call.allocateFrom(POINTER, adapter), 1L, one);
            }
            MemorySegment batch = call.allocate(BATCH);
            batch.set(INT, 0, ids.length);
            batch.set(POINTER, 8, call.allocateFrom(INT, ids));
            byte[] all = new byte[ids.length];
            Arrays.fill(all, (byte) 1);
            batch.set(POINTER, 48, call.allocateFrom(ValueLayout.JAVA_BYTE, all));
            int failed = (int) llamaCpp.run("llama_decode", FunctionDescriptor.of(INT, POINTER, BATCH), context, batch);
            if (failed != 0) {
                throw new AssertionError("llama.cpp does not compute " + Arrays.toString(ids));
            }
            List<float[]> logits = new ArrayList<>();
            for (int i = 0; i < ids.length; i++) {
                logits.add(row(context, i));
            }
            llamaCpp.run("llama_free", FunctionDescriptor.ofVoid(POINTER), context);
            return logits;
        }
    }

    private MemorySegment context(Arena call) {
        MemorySegment settings = llamaCpp.settings("llama_context_default_params", call);
        if (settings.get(INT, CONTEXT) != 512 || settings.get(INT, ATTENTION) != -1 || settings.get(INT, KEYS) != 1) {
            throw new AssertionError("llama_context_params has another layout in this version");
        }
        settings.set(INT, CONTEXT, MOST_TOKENS);
        settings.set(INT, THREADS, 1);
        settings.set(INT, THREADS + 4, 1);
        settings.set(INT, ATTENTION, 0);
        settings.set(INT, KEYS, 0);
        settings.set(INT, KEYS + 4, 0);
        MemorySegment context = (MemorySegment) llamaCpp.run(
                "llama_init_from_model", FunctionDescriptor.of(POINTER, POINTER, LlamaCpp.SETTINGS), model, settings);
        if (context.address() == 0) {
            throw new AssertionError("llama.cpp makes no context of the model");
        }
        return context;
    }

    private float[] row(MemorySegment context, int index) {
        int width = (int) llamaCpp.run("llama_vocab_n_tokens", FunctionDescriptor.of(INT, POINTER), vocabulary());
        MemorySegment row = (MemorySegment)
                llamaCpp.run("llama_get_logits_ith", FunctionDescriptor.of(POINTER, POINTER, INT), context, index);
        return row.reinterpret(4L * width).toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        llamaCpp.run("llama_model_free", FunctionDescriptor.ofVoid(POINTER), model);
    }
}
