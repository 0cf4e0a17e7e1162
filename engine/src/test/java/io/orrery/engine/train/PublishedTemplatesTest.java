package io.orrery.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.template.ChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Published chat templates: what is trained holds the assistant's words and nothing of the user's. */
class PublishedTemplatesTest {
    private static final Path GOLDEN = Path.of("../../shared/golden/chat-templates");
    private static final WordTokenizer TOKENIZER = new WordTokenizer(
            List.of(
                    "<s>",
                    "</s>",
                    "<|im_start|>",
                    "<|im_end|>",
                    "<|eot_id|>",
                    "<|start_header_id|>",
                    "<|end_header_id|>",
                    "<end_of_turn>",
                    "<start_of_turn>",
                    "[INST]",
                    "[/INST]"),
            List.of("\n\n"));
    private static final String ROW = """
            {"messages": [{"role": "user", "content": "Kiwi, please."}, {"role": "assistant", "content": "1 2 3"},
             {"role": "user", "content": "And lemon?"}, {"role": "assistant", "content": "4 5 6"}]}""";

    /** These end every conversation with the header of a next answer, or want tools: nothing can be told apart. */
    private static final Set<String> REFUSED = Set.of(
            "CohereForAI-c4ai-command-r7b-12-2024-tool_use.jinja",
            "NousResearch-Hermes-3-Llama-3.1-8B-tool_use.jinja",
            "classic-codellama-70b.jinja");

    static Stream<Path> templates() throws IOException {
        if (!Files.isDirectory(GOLDEN)) {
            return Stream.of(GOLDEN);
        }
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> file.toString().endsWith(".jinja")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void theAssistantsWordsAreTrainedAndTheUsersAreNot(Path file) throws IOException {
        assumeTrue(Files.isRegularFile(file), () -> file + " is not here, so that no template can be tried");
        RowEncoder encoder = encoder(file);
        Row row = Row.of(JsonMapper.shared().readTree(ROW));
        if (REFUSED.contains(file.getFileName().toString())) {
            assertThatThrownBy(() -> encoder.encode(row))
                    .isInstanceOf(RowException.class)
                    .hasMessageContaining("the chat template");
            return;
        }
        String trained = encoder.encode(row).stream()
                .map(PublishedTemplatesTest::labelled)
                .collect(Collectors.joining());
        assertThat(trained).contains("1 2 3", "4 5 6").doesNotContain("Kiwi").doesNotContain("lemon");
    }

    private static RowEncoder encoder(Path file) throws IOException {
        JsonNode golden =
                JsonMapper.shared().readTree(GOLDEN.resolve("golden.json").toFile());
        Map<String, String> special = new LinkedHashMap<>();
        golden.get("special_tokens")
                .properties()
                .forEach(token -> special.put(token.getKey(), token.getValue().stringValue()));
        ChatFormat chat = new ChatFormat(ChatTemplate.parse(Files.readString(file)), special, Clock.systemUTC());
        return new RowEncoder(new TextFormat(TOKENIZER, Optional.of(chat), OptionalInt.empty()));
    }

    private static String labelled(Example example) {
        StringBuilder text = new StringBuilder();
        for (int label : example.labels()) {
            text.append(label == Ops.IGNORED ? "" : TOKENIZER.token(label));
        }
        return text.toString();
    }
}
