package io.orrery.cli.chat;

import io.orrery.cli.model.DeviceOptions;
import io.orrery.cli.model.ModelLocation;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.cpu.ActivationMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Chats with a model: a repository through the platform, a path in this process. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Chats with a model in the terminal; one question with -p, or from a pipe.",
        footer = {
            "",
            "Example: orrery run lab/tiny-llama -p \"What is 2 plus 3?\"",
            "         orrery run ./tiny-llama --lora ./animals"
        })
public final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL",
            description = "A repository, which the platform serves, or a folder or GGUF file, which is loaded here.")
    private String model;

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "TEXT",
            description = "One question; its answer is printed, and that is all.")
    private @Nullable String prompt;

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told first.")
    private @Nullable String system;

    @Option(
            names = "--lora",
            paramLabel = "ADAPTER",
            description = "A LoRA adapter over the model: a folder, a GGUF file or a repository.")
    private List<String> adapters = List.of();

    @Option(names = "--here", description = "Loads a repository's model in this process, though a platform may be up.")
    private boolean here;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        if (adapters.size() > 1) {
            throw new IllegalArgumentException("one adapter can be over a model in a chat, and " + adapters.size()
                    + " were named: " + String.join(", ", adapters));
        }
        try (Answerer answerer = answerer(terminal)) {
            Conversation conversation = new Conversation(answerer, Optional.ofNullable(system), terminal);
            if (prompt != null) {
                conversation.say(prompt);
            } else if (terminal.isATerminal()) {
                conversation.talk(model);
            } else {
                conversation.say(new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
            return 0;
        }
    }

    private Answerer answerer(Terminal terminal) {
        Optional<String> adapter = adapters.stream().findFirst();
        boolean isLocal = here
                || ModelLocation.isLocal(model)
                || adapter.filter(ModelLocation::isLocal).isPresent();
        if (!isLocal && !ModelLocation.looksLikeAPath(model)) {
            Platform platform = options.connect();
            if (platform.answers()) {
                String served = adapter.map(name -> model + ":" + name).orElse(model);
                return new PlatformChat(platform, served, sampling.fields());
            }
            platform.close();
        }
        Optional<Path> lora = adapter.map(name -> ModelLocation.of(name, options, terminal));
        return LocalChat.open(
                ModelLocation.of(model, options, terminal), lora, () -> device.open(ActivationMode.NATIVE), sampling);
    }
}
