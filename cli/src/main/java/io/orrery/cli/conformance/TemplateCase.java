package io.orrery.cli.conformance;

import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.template.ChatTemplate;
import io.orrery.engine.template.TemplateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Chat templates over conversations: the text, or that rendering fails. */
final class TemplateCase {
    private final GoldenCase golden;
    private final Checks checks;

    TemplateCase(GoldenCase golden, Checks checks) {
        this.golden = golden;
        this.checks = checks;
    }

    void check() {
        Map<String, Object> tokens = Conversations.map(golden.value("/special_tokens"));
        Map<String, String> texts = new LinkedHashMap<>();
        tokens.forEach((name, text) -> texts.put(name, String.valueOf(text)));
        String now = golden.value("/now").asString("").replace(' ', 'T');
        Clock clock = Clock.fixed(LocalDateTime.parse(now).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        JsonNode conversations = golden.value("/conversations");
        golden.peek("/templates").properties().forEach(template -> {
            String pointer = "/templates/" + GoldenCase.escaped(template.getKey());
            String source = read(golden.value(pointer + "/file").asString(""));
            for (JsonNode conversation : conversations) {
                String name = conversation.path("name").asString("");
                JsonNode result = golden.value(pointer + "/results/" + GoldenCase.escaped(name));
                if (!result.isMissingNode()) {
                    Optional<String> difference = difference(source, texts, clock, conversation, result);
                    checks.outcome(template.getKey() + "." + name, difference);
                }
            }
        });
    }

    private String read(String file) {
        Path path = golden.folder().resolve(file);
        try {
            return Files.readString(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + path, unreadable);
        }
    }

    private static Optional<String> difference(
            String source, Map<String, String> tokens, Clock clock, JsonNode conversation, JsonNode result) {
        String got;
        try {
            ChatFormat format = new ChatFormat(ChatTemplate.parse(source), tokens, clock);
            got = format.render(
                    Conversations.messages(conversation.path("messages")),
                    conversation.path("gen").asBoolean(false),
                    extra(conversation));
        } catch (TemplateException refused) {
            return refusal(refused, result);
        }
        String want = result.path("expected").asString("");
        if (result.has("error")) {
            return Optional.of("got \"" + got + "\", want the error " + result.get("error"));
        }
        return got.equals(want) ? Optional.empty() : Optional.of(Texts.difference(got, want));
    }

    /** The words of raise_exception are the template's own and must be equal; of other errors only that they happen. */
    private static Optional<String> refusal(TemplateException refused, JsonNode result) {
        if (!result.has("error")) {
            return Optional.of("got the error " + refused.getMessage() + ", want "
                    + result.path("expected").asString(""));
        }
        String want = result.path("error").path("message").asString("");
        boolean own = result.path("error").path("type").asString("").equals("TemplateError");
        return own && !want.equals(refused.getMessage())
                ? Optional.of(Texts.difference(String.valueOf(refused.getMessage()), want))
                : Optional.empty();
    }

    private static Map<String, Object> extra(JsonNode conversation) {
        Map<String, Object> extra = new LinkedHashMap<>();
        if (conversation.has("tools")) {
            extra.put("tools", List.copyOf(Conversations.messages(conversation.get("tools"))));
        }
        extra.putAll(Conversations.map(conversation.path("kwargs")));
        return extra;
    }
}
