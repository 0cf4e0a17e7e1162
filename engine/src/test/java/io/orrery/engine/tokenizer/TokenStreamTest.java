package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TokenStreamTest {
    private static final String SENTENCEPIECE = """
            {"type": "Sequence", "decoders": [
              {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
              {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}""";

    static Stream<String> decoders() {
        return Stream.of(
                "null",
                SENTENCEPIECE,
                "{\"type\": \"ByteLevel\"}",
                "{\"type\": \"ByteFallback\"}",
                "{\"type\": \"Metaspace\", \"replacement\": \"\u2581\"}",
                "{\"type\": \"BPEDecoder\"}",
                """
                {"type": "Sequence", "decoders": [
                  {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 2, "stop": 2},
                  {"type": "Replace", "pattern": {"Regex": "[a ]+"}, "content": "_"}, {"type": "ByteLevel"}]}""");
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void whatComesPieceByPieceIsWhatComesAtOnce(String decoder) {
        Tokenizer tokenizer = tokenizer(decoder);
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            int[] ids = random.ints(random.nextInt(30), -1, tokenizer.vocabSize() + 1)
                    .toArray();
            boolean skip = random.nextBoolean();
            StringBuilder text = new StringBuilder();
            TokenStream stream = tokenizer.stream(skip);
            for (int id : ids) {
                String piece = stream.push(id);
                assertThat(piece).as("whole characters").satisfies(TokenStreamTest::hasNoHalfPair);
                text.append(piece);
            }
            assertThat(text.append(stream.flush())).hasToString(tokenizer.decode(ids, skip));
        }
    }

    @Test
    void aCharacterOfManyTokensComesWhole() {
        Tokenizer tokenizer = tokenizer("{\"type\": \"ByteLevel\"}");
        TokenStream stream = tokenizer.stream(false);
        List<String> pieces = Stream.of("a", "\u00F0", "\u0141", "\u013A", "\u0122", "a")
                .map(token -> stream.push(tokenizer.id(token).orElseThrow()))
                .toList();
        assertThat(pieces).containsExactly("a", "", "", "", "\uD83D\uDE00", "a");
    }

    @Test
    void theSpaceBeforeTheFirstPieceIsLeftOutAndLaterOnesStay() {
        Tokenizer tokenizer = tokenizer(SENTENCEPIECE);
        int piece = tokenizer.id("\u2581a").orElseThrow();
        TokenStream stream = tokenizer.stream(false);
        assertThat(List.of(stream.push(piece), stream.push(piece), stream.flush()))
                .containsExactly("a", " a", "");
    }

    @Test
    void fallbackBytesWaitForAnotherToken() {
        Tokenizer tokenizer = tokenizer(SENTENCEPIECE);
        TokenStream stream = tokenizer.stream(false);
        assertThat(stream.push(tokenizer.id("<0xC3>").orElseThrow())).isEmpty();
        assertThat(stream.push(tokenizer.id("<0xA9>").orElseThrow())).isEmpty();
        assertThat(stream.push(tokenizer.id("\u2581a").orElseThrow())).isEqualTo("\u00E9 a");
    }

    @Test
    void anIncompleteCharacterIsReplacedAtTheEnd() {
        Tokenizer tokenizer = tokenizer("{\"type\": \"ByteLevel\"}");
        TokenStream stream = tokenizer.stream(false);
        assertThat(stream.push(tokenizer.id("\u00F0").orElseThrow())).isEmpty();
        assertThat(stream.flush()).isEqualTo("\uFFFD");
    }

    @Test
    void specialTokensAreLeftOutOnRequest() {
        Tokenizer tokenizer = tokenizer("{\"type\": \"ByteLevel\"}");
        int special = tokenizer.id("<|end|>").orElseThrow();
        assertThat(tokenizer.stream(true).push(special)).isEmpty();
        assertThat(tokenizer.stream(false).push(special)).isEqualTo("<|end|>");
    }

    private static void hasNoHalfPair(String text) {
        assertThat(text.codePoints().noneMatch(c -> c >= 0xD800 && c < 0xE000)).isTrue();
    }

    /** All bytes in both spellings, words, and a special token. */
    private static Tokenizer tokenizer(String decoder) {
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode file = json.createObjectNode();
        ObjectNode vocabulary = file.putObject("model").put("type", "BPE").putObject("vocab");
        for (int b = 0; b < 256; b++) {
            vocabulary.put(String.valueOf(ByteLevelAlphabet.character(b)), vocabulary.size());
        }
        for (int b = 0; b < 256; b++) {
            vocabulary.put(String.format("<0x%02X>", b), vocabulary.size());
        }
        for (String word : List.of("\u2581a", "\u2581", "\u2581\u2581", "b</w>", "\u4E16", "a  ", "\uD83D\uDE00")) {
            vocabulary.put(word, vocabulary.size());
        }
        file.putArray("added_tokens")
                .addObject()
                .put("id", vocabulary.size())
                .put("content", "<|end|>")
                .put("normalized", false)
                .put("special", true);
        file.set("decoder", json.readTree(decoder));
        return TokenizerJson.parse(file.toString());
    }
}
