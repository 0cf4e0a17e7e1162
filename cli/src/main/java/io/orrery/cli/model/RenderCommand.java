package io.orrery.cli.model;

import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.template.ChatFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** A conversation as the model reads it, by its chat template. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = "Shows the prompt that a model's chat template makes of messages, as one JSON object.",
        footer = {"", "Example: orrery render lab/tiny-llama '[{\"role\": \"user\", \"content\": \"Hi\"}]'"})
public final class RenderCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A folder, a GGUF file or a repository.")
    private String model;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "MESSAGES",
            description =
                    "JSON: an array of messages, or an object with messages, tools and what else the template knows (default: standard input).")
    private @Nullable String messages;

    @Option(names = "--no-generation-prompt", description = "Ends with the last message, not where the answer begins.")
    private boolean closed;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        Path path = ModelLocation.of(model, options, terminal);
        JsonNode given = Input.json("messages", messages == null ? Input.standard() : messages, JsonNode.class);
        ChatFormat format =
                format(path).orElseThrow(() -> new IllegalArgumentException(model + " has no chat template"));
        terminal.json(Map.of("text", render(format, given)));
        return 0;
    }

    private static Optional<ChatFormat> format(Path path) {
        if (Files.isDirectory(path)) {
            return ChatFormat.read(path);
        }
        try (ModelFiles files = ModelFiles.open(path)) {
            return files.chatFormat();
        }
    }

    private String render(ChatFormat format, JsonNode given) {
        Map<String, Object> extra = new LinkedHashMap<>();
        if (given.isObject()) {
            extra.putAll(Input.mapper().convertValue(given, new TypeReference<Map<String, Object>>() {}));
            extra.remove("messages");
        }
        JsonNode conversation = given.isObject() ? given.path("messages") : given;
        if (!conversation.isArray() || !conversation.valueStream().allMatch(JsonNode::isObject)) {
            throw new IllegalArgumentException("the messages must be an array of objects with role and content");
        }
        return format.render(
                Input.mapper().convertValue(conversation, new TypeReference<List<Map<String, Object>>>() {}),
                !closed,
                extra);
    }
}
