package io.orrery.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ChatFormatTest {
    private static final Path GOLDEN = Path.of("../../shared/golden");

    @TempDir
    private Path folder;

    private void write(String name, String content) throws Exception {
        Files.writeString(folder.resolve(name), content);
    }

    private String rendered() {
        return ChatFormat.read(folder).orElseThrow().render(List.of(), false, Map.of());
    }

    @Test
    void aFolderWithoutATemplateHasNoFormat() throws Exception {
        write("tokenizer_config.json", "{\"bos_token\": \"<s>\"}");
        assertThat(ChatFormat.read(folder)).isEmpty();
    }

    @Test
    void theFileOfItsOwnCountsBeforeTheProcessorsAndThatBeforeTheTokenizers() throws Exception {
        write("tokenizer_config.json", "{\"chat_template\": \"config\"}");
        assertThat(rendered()).isEqualTo("config");
        write("chat_template.json", "{\"chat_template\": \"processor\"}");
        assertThat(rendered()).isEqualTo("processor");
        write("chat_template.jinja", "file\n");
        assertThat(rendered()).isEqualTo("file");
    }

    @Test
    void ofNamedTemplatesTheDefaultIsTaken() throws Exception {
        write(
                "tokenizer_config.json",
                "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"t\"},"
                        + "{\"name\": \"default\", \"template\": \"d\"}]}");
        assertThat(rendered()).isEqualTo("d");
    }

    @Test
    void specialTokensAreTextsOrObjects() throws Exception {
        write("chat_template.jinja", "{{ bos_token }}{{ eos_token }}{{ pad_token }}|{{ unk_token }}");
        write("special_tokens_map.json", "{\"bos_token\": \"old\", \"pad_token\": {\"content\": \"<p>\"}}");
        write(
                "tokenizer_config.json",
                "{\"bos_token\": {\"content\": \"<s>\"}, \"eos_token\": \"</s>\", \"unk_token\": null}");
        assertThat(rendered()).isEqualTo("<s></s><p>|");
    }

    @Test
    void brokenJsonNamesFileAndLine() throws Exception {
        write("tokenizer_config.json", "{\n\"bos_token\": \"<s>\",\n\"eos_token\" }");
        assertThatThrownBy(() -> ChatFormat.read(folder))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("tokenizer_config.json is not JSON at line 3");
    }

    @TestFactory
    @SuppressWarnings("unchecked")
    List<DynamicTest> goldenConversationsRender() throws Exception {
        assumeTrue(Files.isDirectory(GOLDEN), "no golden cases beside this checkout");
        List<DynamicTest> tests = new ArrayList<>();
        try (var cases = Files.newDirectoryStream(GOLDEN, "llm-*")) {
            for (Path each : cases) {
                Map<String, Object> golden = JsonMapper.shared().readValue(each.resolve("golden.json"), Map.class);
                List<Map<String, Object>> chats = (List<Map<String, Object>>) golden.getOrDefault("chat", List.of());
                for (int i = 0; i < chats.size(); i++) {
                    Map<String, Object> chat = chats.get(i);
                    tests.add(DynamicTest.dynamicTest(each.getFileName() + " " + i, () -> check(each, chat)));
                }
            }
        }
        return tests;
    }

    @SuppressWarnings("unchecked")
    private static void check(Path each, Map<String, Object> chat) {
        Map<String, Object> extra = new LinkedHashMap<>((Map<String, Object>) chat.get("kwargs"));
        boolean generate = Boolean.TRUE.equals(extra.remove("add_generation_prompt"));
        List<Map<String, Object>> messages = (List<Map<String, Object>>) chat.get("messages");
        ChatFormat format = ChatFormat.read(each).orElseThrow();
        if (chat.containsKey("error")) {
            assertThatThrownBy(() -> format.render(messages, generate, extra)).isInstanceOf(TemplateException.class);
        } else {
            assertThat(format.render(messages, generate, extra)).isEqualTo(chat.get("rendered"));
        }
    }
}
