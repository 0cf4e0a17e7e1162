package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys {@code tokenizer.ggml.*} and their defaults. */
class GgufTokenizerTest {
    @Test
    void theHighestScoreMergesFirstWhateverTheId() {
        Tokenizer tokenizer = sentencePiece(Map.of());
        assertThat(tokens(tokenizer, "abc")).containsExactly("\u2581", "a", "bc");
        assertThat(tokens(tokenizer, "abcc")).containsExactly("\u2581", "a", "bc", "c");
    }

    @Test
    void ofEqualScoresTheLeftmostMergesFirst() {
        Tokenizer tokenizer = sentencePiece(Map.of());
        assertThat(tokens(tokenizer, "ccc")).containsExactly("\u2581", "cc", "c");
    }

    @Test
    void aSentencePieceTextHasABeginningAndASpaceInFront() {
        assertThat(sentencePiece(Map.of()).encode("a", true)).containsExactly(1, 5, 6);
        assertThat(sentencePiece(Map.of("add_bos_token", false)).encode("a", true))
                .containsExactly(5, 6);
        assertThat(sentencePiece(Map.of("add_eos_token", true)).encode("a", true))
                .containsExactly(1, 5, 6, 2);
        assertThat(sentencePiece(Map.of("add_space_prefix", false)).encode("a", true))
                .containsExactly(1, 6);
    }

    @Test
    void theSpaceInFrontGoesAgain() {
        Tokenizer tokenizer = sentencePiece(Map.of());
        assertThat(tokenizer.decode(tokenizer.encode(" a b", false), false)).isEqualTo(" a b");
        Tokenizer bare = sentencePiece(Map.of("add_space_prefix", false));
        assertThat(bare.decode(bare.encode(" a", false), false)).isEqualTo(" a");
    }

    @Test
    void aByteThatIsWrittenOutIsText() {
        assertThat(tokens(sentencePiece(Map.of()), "<0x41>")).doesNotContain("<0x41>");
    }

    @Test
    void controlTokensAreSpecialAndUserDefinedOnesAreNot() {
        Tokenizer tokenizer = sentencePiece(Map.of());
        assertThat(tokens(tokenizer, "<s><mine>")).containsExactly("<s>", "<mine>");
        assertThat(tokenizer.decode(new int[] {1, tokenizer.id("<mine>").orElseThrow()}, true))
                .isEqualTo("<mine>");
        assertThat(tokenizer.isSpecial(0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-bpe",
                "dbrx",
                "smaug-bpe",
                "qwen2",
                "deepseek-r1-qwen",
                "stablelm2",
                "gpt-2",
                "mpt",
                "olmo",
                "starcoder",
                "refact",
                "command-r",
                "smollm",
                "codeshell",
                "deepseek-coder",
                "deepseek-llm",
                "default",
                "falcon",
                "tekken"
            })
    void everyKnownSplittingKeepsTheText(String pre) {
        Tokenizer tokenizer = byteLevel(Map.of("pre", pre));
        String text =
                "Hello, I'm here!! 1234 \u00E9t\u00E9 \u4E16\u754C\uD83D\uDE00\r\n\n  x = [1]; $5 \u0661\u0662\t.  ";
        assertThat(tokenizer.decode(tokenizer.encode(text, false), false)).isEqualTo(text);
    }

    @Test
    void familiesDifferInWhatTheySplit() {
        assertThat(tokens(byteLevel(Map.of("pre", "llama-bpe")), "1111")).containsExactly("111", "1");
        assertThat(tokens(byteLevel(Map.of("pre", "qwen2")), "1111")).containsExactly("1", "1", "1", "1");
        assertThat(tokens(byteLevel(Map.of("pre", "gpt-2")), "1111")).containsExactly("11", "11");
        assertThat(tokens(byteLevel(Map.of()), "1111")).as("default").containsExactly("11", "1", "1");
    }

    @Test
    void llama3PutsABeginningInFront() {
        Map<String, Object> marks = Map.of("pre", "llama-bpe", "bos_token_id", 3);
        assertThat(byteLevel(marks).encode("1", true)).startsWith(3).hasSize(2);
        assertThat(byteLevel(Map.of("pre", "gpt-2")).encode("1", true)).hasSize(1);
    }

    @Test
    void qwenComposesAndGpt2DoesNot() {
        assertThat(byteLevel(Map.of("pre", "qwen2")).encode("e\u0301", false)).hasSize(2);
        assertThat(byteLevel(Map.of("pre", "gpt-2")).encode("e\u0301", false)).hasSize(3);
    }

    @Test
    void whatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> GgufTokenizer.of(GgufMetadata.of(Map.of("general.architecture", "llama"))))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.ggml.model");
        assertThatThrownBy(() -> byteLevel(Map.of("model", "bert"))).hasMessageContaining("\"bert\"");
        assertThatThrownBy(() -> byteLevel(Map.of("pre", "wild"))).hasMessageContaining("known are");
        assertThatThrownBy(() -> byteLevel(Map.of("merges", List.of("1 q")))).hasMessageContaining("merge 0");
        assertThatThrownBy(() -> byteLevel(Map.of("merges", List.of("1")))).hasMessageContaining("merge 0");
        assertThatThrownBy(() -> byteLevel(Map.of("add_bos_token", true, "bos_token_id", 999_999)))
                .hasMessageContaining("bos_token_id is 999999");
        assertThatThrownBy(() -> sentencePiece(Map.of("token_type", List.of(1, 1))))
                .hasMessageContaining("2 token types");
    }

    @Test
    void aTokenTooLongToCutEndsSoon() {
        List<String> huge = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            huge.add("a".repeat(20_000 + i));
        }
        Map<String, Object> values =
                new HashMap<>(Map.of("tokenizer.ggml.model", "llama", "tokenizer.ggml.tokens", huge));
        assertThatThrownBy(() -> GgufTokenizer.of(GgufMetadata.of(values)))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("too long");
    }

    private static List<String> tokens(Tokenizer tokenizer, String text) {
        List<String> tokens = new ArrayList<>();
        for (int id : tokenizer.encode(text, false)) {
            tokens.add(tokenizer.token(id));
        }
        return tokens;
    }

    private static Tokenizer sentencePiece(Map<String, ?> keys) {
        List<String> tokens = new ArrayList<>(
                List.of("<unk>", "<s>", "</s>", "<mine>", "<0x41>", "\u2581", "a", "b", "c", "ab", "bc", "cc"));
        List<Integer> types = new ArrayList<>(List.of(2, 3, 3, 4, 6, 1, 1, 1, 1, 1, 1, 1));
        List<Float> scores = new ArrayList<>(List.of(0f, 0f, 0f, 0f, 0f, -1f, -2f, -3f, -4f, -9f, -5f, -7f));
        return tokenizer(Map.of("model", "llama", "tokens", tokens, "token_type", types, "scores", scores), keys);
    }

    private static Tokenizer byteLevel(Map<String, ?> keys) {
        List<String> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteLevelAlphabet.character(b)));
        }
        tokens.add("11");
        tokens.add("111");
        return tokenizer(Map.of("model", "gpt2", "tokens", tokens, "merges", List.of("1 1")), keys);
    }

    private static Tokenizer tokenizer(Map<String, ?> standard, Map<String, ?> keys) {
        Map<String, Object> values = new HashMap<>();
        standard.forEach((key, value) -> values.put("tokenizer.ggml." + key, value));
        keys.forEach((key, value) -> values.put("tokenizer.ggml." + key, value));
        return GgufTokenizer.of(GgufMetadata.of(values));
    }
}
