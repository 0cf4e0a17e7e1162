package io.orrery.engine.template;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.orrery.engine.Fuzzed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Any text is a template or a sentence, and what is a template renders, or stops, in bounded time and memory. */
class JinjaFuzzTest {
    private static final Map<String, Object> CONTEXT = Map.of(
            "bos_token",
            "<s>",
            "eos_token",
            "</s>",
            "add_generation_prompt",
            true,
            "tools",
            List.of(Map.of("type", "function", "function", Map.of("name", "add", "parameters", Map.of()))),
            "messages",
            List.of(
                    Map.of("role", "system", "content", "Be brief."),
                    Map.of("role", "user", "content", "Hi "),
                    Map.of("role", "assistant", "content", "Hello")));

    @FuzzTest(maxDuration = "60s")
    void anyTextIsATemplateOrASentence(byte[] bytes) {
        Fuzzed.check(TemplateException.class, () -> {
            ChatTemplate.parse(new String(bytes, StandardCharsets.UTF_8)).render(CONTEXT);
        });
    }
}
