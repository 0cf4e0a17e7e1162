package io.orrery.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/** Published templates over eight conversations, against what transformers made of them. */
class ChatTemplatesGoldenTest {
    private static final Path GOLDEN = Path.of("../../shared/golden/chat-templates");

    @TestFactory
    @SuppressWarnings("unchecked")
    List<DynamicTest> everyPublishedTemplateRendersAsTransformersDoes() throws Exception {
        assumeTrue(Files.exists(GOLDEN.resolve("golden.json")), "no golden chat templates beside this checkout");
        Map<String, Object> golden = JsonMapper.shared().readValue(GOLDEN.resolve("golden.json"), Map.class);
        String now = (String) golden.get("now");
        Clock clock = Clock.fixed(LocalDateTime.parse(now.replace(' ', 'T')).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        Map<String, String> tokens = (Map<String, String>) golden.get("special_tokens");
        List<DynamicTest> tests = new ArrayList<>();
        ((Map<String, Map<String, Object>>) golden.get("templates")).forEach((name, template) -> {
            String source = read(GOLDEN.resolve((String) template.get("file")));
            Map<String, Map<String, Object>> results = (Map<String, Map<String, Object>>) template.get("results");
            for (Map<String, Object> conversation : (List<Map<String, Object>>) golden.get("conversations")) {
                Map<String, Object> result = results.get((String) conversation.get("name"));
                tests.add(DynamicTest.dynamicTest(
                        name + " " + conversation.get("name"),
                        () -> check(new ChatFormat(ChatTemplate.parse(source), tokens, clock), conversation, result)));
            }
        });
        return tests;
    }

    @SuppressWarnings("unchecked")
    private static void check(ChatFormat format, Map<String, Object> conversation, Map<String, Object> result) {
        Map<String, Object> extra = new LinkedHashMap<>();
        if (conversation.containsKey("tools")) {
            extra.put("tools", conversation.get("tools"));
        }
        extra.putAll((Map<String, Object>) conversation.getOrDefault("kwargs", Map.of()));
        List<Map<String, Object>> messages = (List<Map<String, Object>>) conversation.get("messages");
        boolean generate = (boolean) conversation.get("gen");
        Map<String, String> error = (Map<String, String>) result.get("error");
        if (error == null) {
            assertThat(format.render(messages, generate, extra)).isEqualTo(result.get("expected"));
            return;
        }
        TemplateException thrown =
                catchThrowableOfType(TemplateException.class, () -> format.render(messages, generate, extra));
        assertThat(thrown).as("expected %s", error).isNotNull();
        if (error.get("type").equals("TemplateError")) {
            assertThat(thrown).hasMessage(error.get("message"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
