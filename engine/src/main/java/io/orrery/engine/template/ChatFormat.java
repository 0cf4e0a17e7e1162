package io.orrery.engine.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a model wants its conversations written: the template with the special tokens that it names. Immutable.
 *
 * @param specialTokens text by name, such as {@code bos_token}
 * @param clock what {@code strftime_now} reads
 */
public record ChatFormat(ChatTemplate template, Map<String, String> specialTokens, Clock clock) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    public ChatFormat {
        specialTokens = Map.copyOf(specialTokens);
    }

    /**
     * The format in a Hugging Face folder, absent where it has none. {@code chat_template.jinja} counts before
     * {@code chat_template.json}, and that before {@code tokenizer_config.json}; of several named templates the one
     * named {@code default}.
     *
     * @throws TemplateException where the template cannot be read
     */
    public static Optional<ChatFormat> read(Path folder) {
        Optional<JsonNode> config = json(folder.resolve("tokenizer_config.json"));
        return source(folder).map(text -> {
            Map<String, String> tokens = new LinkedHashMap<>();
            json(folder.resolve("special_tokens_map.json")).ifPresent(map -> collect(map, tokens));
            config.ifPresent(map -> collect(map, tokens));
            return new ChatFormat(ChatTemplate.parse(text), tokens, Clock.systemDefaultZone());
        });
    }

    /** The text of the template that {@link #read} reads. */
    public static Optional<String> source(Path folder) {
        return text(folder.resolve("chat_template.jinja"))
                .or(() -> json(folder.resolve("chat_template.json")).flatMap(ChatFormat::template))
                .or(() -> json(folder.resolve("tokenizer_config.json")).flatMap(ChatFormat::template));
    }

    private static Optional<String> text(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file + " as UTF-8 text", unreadable);
        }
    }

    private static Optional<JsonNode> json(Path file) {
        return text(file).map(content -> {
            try {
                return JSON.readTree(content);
            } catch (JacksonException malformed) {
                int line = malformed.getLocation() == null
                        ? 1
                        : malformed.getLocation().getLineNr();
                throw new TemplateException(
                        file + " is not JSON at line " + line + ": " + malformed.getOriginalMessage());
            }
        });
    }

    private static Optional<String> template(JsonNode config) {
        JsonNode template = config.path("chat_template");
        if (template.isString()) {
            return Optional.of(template.stringValue());
        }
        for (JsonNode each : template) {
            if (each.path("name").asString("").equals("default")
                    && each.path("template").isString()) {
                return Optional.of(each.path("template").stringValue());
            }
        }
        return Optional.empty();
    }

    /** A special token is its text, or an object that holds it as {@code content}. */
    private static void collect(JsonNode map, Map<String, String> tokens) {
        for (String name : TOKENS) {
            JsonNode token = map.path(name);
            JsonNode content = token.isObject() ? token.path("content") : token;
            if (content.isString()) {
                tokens.put(name, content.stringValue());
            }
        }
    }

    /**
     * A conversation as the model reads it. {@code tools} and {@code documents} are {@code none} where not given, as
     * transformers passes them.
     *
     * @param messages each with {@code role}, {@code content} and what else the template knows
     * @param addGenerationPrompt whether the text ends where the model's answer begins
     * @param extra further names for the template: {@code tools}, {@code enable_thinking}, ...
     * @throws TemplateException where the template refuses the conversation, with the template's own words
     */
    public String render(List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, ?> extra) {
        Map<String, @Nullable Object> context = new LinkedHashMap<>(specialTokens);
        context.put("messages", messages);
        context.put("tools", null);
        context.put("documents", null);
        context.put("add_generation_prompt", addGenerationPrompt);
        context.putAll(extra);
        return template.render(context, clock);
    }
}
