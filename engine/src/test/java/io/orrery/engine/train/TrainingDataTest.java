package io.orrery.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.template.ChatTemplate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingDataTest {
    private static final WordTokenizer TOKENIZER = new WordTokenizer(
            List.of("<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|eot|>"),
            // a line break before an answer or behind an end token is merged with what follows
            List.of("\nYes", "\n\n", "user\n", "No.", " a"));

    private static final String CONVERSATION = """
            {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Is it?"},
             {"role": "assistant", "content": "Yes, it is."}, {"role": "user", "content": "And that?"},
             {"role": "assistant", "content": "No."}]}""".replace("\n", "");

    @TempDir
    private Path folder;

    /** Templates of the usual kinds. */
    enum Template {
        CHATML(
                "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
                // the line break that the tokenizer merges with the answer is the answer's
                "\nYes, it is.<|im_end|>|No.<|im_end|>"),
        HEADERS(
                "<s>{% for m in messages %}[{{ m.role }}]\n\n{{ m.content | trim }}<|eot|>{% endfor %}{% if add_generation_prompt %}[assistant]\n\n{% endif %}",
                "Yes, it is.<|eot|>|No.<|eot|>"),
        INSTRUCTIONS(
                "<s>{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]{% elif m.role == 'assistant' %} {{ m.content }}</s>{% endif %}{% endfor %}",
                " Yes, it is.</s>| No.</s>"),
        PLAIN(
                "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}",
                "Yes, it is.\n|No.\n");

        private final String source;
        private final String trained;

        Template(String source, String trained) {
            this.source = source;
            this.trained = trained;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheAssistantWroteIsTrainedWithItsEndToken(Template template) throws IOException {
        TrainingData data = read(template.source, CONVERSATION);
        assertThat(data.examples()).hasSize(1);
        assertThat(trained(data.examples().getFirst())).isEqualTo(template.trained);
    }

    @Test
    void theWholeTextIsWhatTheTemplateRenders() throws IOException {
        TrainingData data = read(Template.CHATML.source, CONVERSATION);
        assertThat(TOKENIZER.decode(data.examples().getFirst().tokens(), false))
                .startsWith("<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nIs it?<|im_end|>\n")
                .endsWith("<|im_start|>assistant\nNo.<|im_end|>\n");
    }

    /** As Qwen3 does: thoughts are shown in the last turn alone. */
    @Test
    void aTurnThatIsRenderedOtherwiseLaterGetsAnExampleOfItsOwn() throws IOException {
        String template =
                "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.role == 'assistant' and loop.last %}<think></think>{% endif %}{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
        TrainingData data = read(template, CONVERSATION);
        assertThat(data.examples().stream().map(TrainingDataTest::trained))
                .containsExactlyInAnyOrder("<think></think>Yes, it is.<|im_end|>", "<think></think>No.<|im_end|>");
        assertThat(data.report().rows()).isEqualTo(1);
        assertThat(data.report().examples()).isEqualTo(2);
    }

    @Test
    void weightZeroIsNotTrained() throws IOException {
        String row = CONVERSATION
                .replace("\"Yes, it is.\"", "\"Yes, it is.\", \"weight\": 0")
                .replace("\"No.\"", "\"No.\", \"weight\": 1");
        assertThat(trained(read(Template.CHATML.source, row).examples().getFirst()))
                .isEqualTo("No.<|im_end|>");
    }

    @Test
    void toolsAreShownToTheTemplate() throws IOException {
        String row = CONVERSATION.replace("{\"messages\"", "{\"tools\": [{\"name\": \"f\"}], \"messages\"");
        TrainingData data = read("{{ tools[0].name }}:" + Template.CHATML.source, row);
        assertThat(TOKENIZER.decode(data.examples().getFirst().tokens(), false)).startsWith("f:<|im_start|>");
    }

    @Test
    void completionsAndTextsEndWithTheEndToken() throws IOException {
        TrainingData data = read(
                Template.CHATML.source,
                "{\"prompt\": \"Is it?\\n\", \"completion\": \"No.\"}",
                "{\"text\": \"No. It is not\"}",
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"Q\"}], \"completion\": [{\"role\": \"assistant\", \"content\": \"A\"}]}");
        List<Example> examples = data.examples();
        assertThat(trained(examples.get(0))).isEqualTo("No.</s>");
        assertThat(TOKENIZER.decode(examples.get(0).tokens(), false)).isEqualTo("<s>Is it?\nNo.</s>");
        assertThat(trained(examples.get(1))).isEqualTo("<s>No. It is not</s>");
        assertThat(trained(examples.get(2))).isEqualTo("A<|im_end|>");
    }

    @Test
    void whatIsCutOffAndWhatHasNothingToTrainIsReported() throws IOException {
        String text = "{\"text\": \"abcdefgh\"}";
        Path file = write(
                text,
                text,
                "{\"prompt\": \"a prompt that is long\", \"completion\": \"x\"}",
                CONVERSATION
                        .replace("\"Yes, it is.\"", "\"Yes, it is.\", \"weight\": 0")
                        .replace("\"No.\"", "\"No.\", \"weight\": 0"));
        TrainingData data = TrainingData.read(file, format(Template.CHATML.source), 6);
        assertThat(data.examples()).hasSize(2);
        assertThat(data.report().rows()).isEqualTo(4);
        assertThat(data.report().masked()).isEqualTo(2);
        assertThat(data.report().truncated()).isEqualTo(4);
        assertThat(data.report().duplicates()).isEqualTo(1);
        assertThat(data.report().tokens()).isEqualTo(12);
        assertThat(data.report().trainedTokens()).isEqualTo(10);
        assertThat(data.report().longest()).isGreaterThan(20);
    }

    @Test
    void byteOrderMarkCarriageReturnsAndEmptyLinesAreNoFault() throws IOException {
        Path file = folder.resolve("bom.jsonl");
        Files.writeString(file, "\uFEFF{\"text\": \"a\"}\r\n\r\n{\"text\": \"b\"}\r\n");
        assertThat(TrainingData.check(file)).isEqualTo(2);
        assertThat(TrainingData.read(file, format(Template.PLAIN.source), 10)
                        .report()
                        .rows())
                .isEqualTo(2);
    }

    @Test
    void everyWrongRowIsNamedWithLineAndPlace() throws IOException {
        Path file = write(
                "{\"text\": \"fine\"}",
                "{\"messages\": [{\"role\": \"assistent\", \"content\": \"a\"}]}",
                "{\"messages\": []}",
                "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\", \"weight\": 1}]}",
                "{\"mesages\": []}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}",
                "[1, 2]",
                "{\"prompt\": 3, \"completion\": \"x\"}");
        assertThatThrownBy(() -> TrainingData.check(file))
                .isInstanceOfSatisfying(
                        TrainingDataException.class,
                        e -> assertThat(e.problems()).hasSize(8))
                .hasMessageContaining("train.jsonl line 2 at /messages/0/role: must be one of")
                .hasMessageContaining("\"assistent\"")
                .hasMessageContaining("line 3 at /messages: must be an array of at least one message, and is []")
                .hasMessageContaining("line 4 at /messages/0/content: holds a part that is not text (\"image_url\")")
                .hasMessageContaining("line 5 at /messages/0/weight: stands on a message of role \"user\"")
                .hasMessageContaining(
                        "line 6: a row has messages, or prompt and completion, or text; this has mesages; did you mean messages?")
                .hasMessageContaining(
                        "line 7: not valid JSON at column 47: Unexpected end-of-input: expected close marker for Array; HINT")
                .hasMessageContaining(
                        "line 8: every line must be a JSON object, and this is not one; HINT: the line starts with: [1, 2]")
                .hasMessageContaining("line 9 at /prompt: must be a text, and is 3");
    }

    @Test
    void noMoreThanTwentyProblemsAreListed() throws IOException {
        Path file = write(java.util.Collections.nCopies(50, "nonsense").toArray(String[]::new));
        assertThatThrownBy(() -> TrainingData.check(file))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("line 20:")
                .hasMessageNotContaining("line 21:")
                .hasMessageEndingWith("and 30 more like these");
    }

    @Test
    void bytesThatAreNoUtf8AndLinesThatAreTooLongAreNamed() throws IOException {
        Path file = folder.resolve("train.jsonl");
        byte[] line = "{\"text\": \"?\"}\n".getBytes(StandardCharsets.UTF_8);
        line[10] = (byte) 0xFF;
        byte[] all = new byte[JsonLines.MOST_LINE_BYTES + 100];
        java.util.Arrays.fill(all, (byte) ' ');
        System.arraycopy(line, 0, all, 0, line.length);
        Files.write(file, all);
        assertThatThrownBy(() -> TrainingData.check(file))
                .hasMessageContaining("line 1: the line is not UTF-8")
                .hasMessageContaining("line 2: the line has more than 16777216 bytes; split it");
    }

    @Test
    void messagesNeedAChatTemplate() throws IOException {
        Path file = write(CONVERSATION);
        assertThatThrownBy(() -> TrainingData.read(file, TOKENIZER, Optional.empty(), 100))
                .hasMessageContaining("line 1 at /messages: the model has no chat template");
    }

    @Test
    void whatTheTemplateRefusesIsSaidInItsWords() throws IOException {
        assertThatThrownBy(() -> read("{{ raise_exception('roles must alternate') }}", CONVERSATION))
                .hasMessageContaining("line 1 at /messages: the chat template refuses the conversation")
                .hasMessageContaining("roles must alternate");
    }

    @ParameterizedTest
    @CsvSource({"'', has no rows", "{\"text\": \"a\"}, has nothing to train on"})
    void aFileWithNothingInItIsRefused(String content, String message) throws IOException {
        Path file = write(content);
        assertThatThrownBy(() -> {
                    TrainingData.check(file);
                    TrainingData.read(
                            file, new TextFormat(TOKENIZER, Optional.empty(), java.util.OptionalInt.empty()), 1);
                })
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> TrainingData.check(folder.resolve("absent.jsonl")))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("absent.jsonl is not a file");
    }

    private TrainingData read(String template, String... rows) throws IOException {
        return TrainingData.read(write(rows), format(template), 1000);
    }

    private static TextFormat format(String template) {
        return TextFormat.of(
                TOKENIZER,
                Optional.of(
                        new ChatFormat(ChatTemplate.parse(template), Map.of("eos_token", "</s>"), Clock.systemUTC())));
    }

    private Path write(String... rows) throws IOException {
        return Files.write(folder.resolve("train.jsonl"), List.of(rows));
    }

    /** The labelled stretches, with a bar between them. */
    private static String trained(Example example) {
        List<String> stretches = new ArrayList<>();
        StringBuilder stretch = new StringBuilder();
        for (int i = 0; i < example.labels().length; i++) {
            if (example.labels()[i] != Ops.IGNORED) {
                stretch.append(TOKENIZER.token(example.labels()[i]));
            } else if (!stretch.isEmpty()) {
                stretches.add(stretch.toString());
                stretch.setLength(0);
            }
        }
        if (!stretch.isEmpty()) {
            stretches.add(stretch.toString());
        }
        return String.join("|", stretches);
    }
}
