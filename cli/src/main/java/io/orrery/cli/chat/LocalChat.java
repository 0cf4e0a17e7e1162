package io.orrery.cli.chat;

import io.orrery.engine.convert.AdapterFile;
import io.orrery.engine.generate.ChatPrompt;
import io.orrery.engine.generate.Engine;
import io.orrery.engine.generate.EngineOptions;
import io.orrery.engine.generate.GenerationRequest;
import io.orrery.engine.generate.ServedModel;
import io.orrery.engine.generate.ServingOptions;
import io.orrery.engine.generate.TextGeneration;
import io.orrery.engine.generate.TextPiece;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.template.ChatFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A model in this process: the same engine that serves, with one sequence at a time. */
final class LocalChat implements Answerer {
    private static final String ADAPTER = "adapter";

    private final ModelFiles files;
    private final ChatPrompt prompt;
    private final Engine engine;
    private final ServedModel model;
    private final Optional<String> adapter;
    private final SamplingOptions sampling;

    private LocalChat(
            ModelFiles files, Engine engine, ServedModel model, Optional<String> adapter, SamplingOptions sampling) {
        this.files = files;
        this.prompt = new ChatPrompt(files.tokenizer(), format(files));
        this.engine = engine;
        this.model = model;
        this.adapter = adapter;
        this.sampling = sampling;
    }

    /**
     * Loads a model.
     *
     * @param lora a PEFT folder to add to it
     * @throws IllegalArgumentException where it has no chat template
     */
    static LocalChat open(Path path, Optional<Path> lora, Supplier<Ops> device, SamplingOptions sampling) {
        ModelFiles files = ModelFiles.open(path);
        try {
            format(files); // before the weights are read
            Engine engine = new Engine("chat", device, EngineOptions.DEFAULT);
            try {
                ServedModel model = engine.load(files, ServingOptions.DEFAULT);
                lora.ifPresent(file -> add(file, files.spec(), model));
                return new LocalChat(files, engine, model, lora.map(_ -> ADAPTER), sampling);
            } catch (RuntimeException e) {
                engine.close();
                throw e;
            }
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private static ChatFormat format(ModelFiles files) {
        return files.chatFormat()
                .orElseThrow(() -> new IllegalArgumentException(
                        files.path() + " has no chat template, so it is no model to chat with; see orrery logits"));
    }

    private static void add(Path path, CausalLm base, ServedModel model) {
        try (AdapterFile adapter = AdapterFile.open(path, base)) {
            model.addAdapter(ADAPTER, adapter.tensors());
        }
    }

    @Override
    public String answer(List<Message> conversation, Consumer<String> pieces) {
        int[] tokens = prompt.encode(conversation.stream().map(Message::toJson).toList(), Map.of());
        int room = model.contextLength() - tokens.length;
        if (room < 1) {
            throw new IllegalArgumentException(
                    "the conversation has " + tokens.length + " tokens, and the model's context holds "
                            + model.contextLength() + "; start a new one with /clear");
        }
        GenerationRequest request = new GenerationRequest(
                tokens, Math.min(room, sampling.maxTokens()), files.stopTokens(), sampling.params(), -1, adapter);
        StringBuilder whole = new StringBuilder();
        try (TextGeneration text =
                new TextGeneration(model.submit(request), files.tokenizer().stream(true), List.of())) {
            for (Optional<TextPiece> piece = next(text); piece.isPresent(); piece = next(text)) {
                whole.append(piece.get().text());
                pieces.accept(piece.get().text());
            }
        }
        return whole.toString();
    }

    private static Optional<TextPiece> next(TextGeneration text) {
        try {
            return text.next(EngineOptions.DEFAULT.patience());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the model answered", e);
        }
    }

    @Override
    public void close() {
        model.close();
        engine.close();
        files.close();
    }
}
