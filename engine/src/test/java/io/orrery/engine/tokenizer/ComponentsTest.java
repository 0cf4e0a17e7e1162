package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every component alone, against what Hugging Face's tokenizers make of it (components.json). */
class ComponentsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static Stream<JsonNode> cases(String kind) throws IOException {
        try (InputStream in = Objects.requireNonNull(ComponentsTest.class.getResourceAsStream("components.json"))) {
            return JSON.readTree(in).path(kind).valueStream();
        }
    }

    static Stream<JsonNode> preTokenizers() throws IOException {
        return cases("pre_tokenizers");
    }

    @ParameterizedTest
    @MethodSource("preTokenizers")
    void aPreTokenizerSplits(JsonNode given) {
        List<String> pieces = new ArrayList<>();
        String text = given.path("text").stringValue();
        Components.preTokenizer(new Component("pre_tokenizer", given.path("component")))
                .split(new Piece(text, true), Budget.of(text), piece -> pieces.add(piece.text()));
        assertThat(pieces).isEqualTo(strings(given.path("pieces")));
    }

    static Stream<JsonNode> normalizers() throws IOException {
        return cases("normalizers");
    }

    @ParameterizedTest
    @MethodSource("normalizers")
    void aNormalizerRewrites(JsonNode given) {
        String text = given.path("text").stringValue();
        assertThat(Components.normalizer(new Component("normalizer", given.path("component")))
                        .normalize(text, Budget.of(text)))
                .isEqualTo(given.path("result").stringValue());
    }

    static Stream<JsonNode> decoders() throws IOException {
        return cases("decoders");
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aDecoderMakesText(JsonNode given) {
        List<String> tokens = strings(given.path("tokens"));
        DecodeStream stream =
                new DecodeStream(tokens::get, Components.decoder(new Component("decoder", given.path("component"))));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            text.append(stream.push(i));
        }
        assertThat(text.append(stream.flush())).hasToString(given.path("result").stringValue());
    }

    static Stream<JsonNode> whole() throws IOException {
        return cases("whole");
    }

    @ParameterizedTest
    @MethodSource("whole")
    void aTokenizerEncodes(JsonNode given) {
        Tokenizer tokenizer = TokenizerJson.parse(given.path("tokenizer").toString());
        for (JsonNode text : given.path("texts")) {
            String content = text.path("text").stringValue();
            assertThat(tokenizer.encode(content, false)).as(content).isEqualTo(Golden.ids(text.path("ids")));
            assertThat(tokenizer.encode(content, true)).as(content).isEqualTo(Golden.ids(text.path("ids_special")));
        }
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::stringValue).toList();
    }
}
