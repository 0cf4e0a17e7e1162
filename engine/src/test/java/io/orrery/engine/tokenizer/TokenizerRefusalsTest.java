package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are wrong, or written to do harm: each ends in a sentence, and soon. */
class TokenizerRefusalsTest {
    private static final String MODEL =
            "\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1}, \"merges\": []}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"type\": \"Bigram\"} | \"Bigram\"",
                "{\"type\": \"Unigram\"} | has no tokens",
                "{\"type\": \"Unigram\", \"vocab\": [[\"a\", 0]], \"unk_id\": 7} | unk_id",
                "{\"type\": \"Unigram\", \"vocab\": [[\"a\"]]} | the score of token 0",
                "{\"type\": \"WordPiece\", \"vocab\": {}} | \"[UNK]\" is not in the vocabulary",
                "{\"vocab\": {}} | type of model",
                "[] | model in the tokenizer is START_ARRAY",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 0}} | the same id 0",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"a\": 1}} | \"a\" twice",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 4294967296}} | id 4294967296",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 2000000000}} | id 2000000000",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 99999999999999999999999}} | \"a\"",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": -1}} | id -1",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": \"0\"}} | the id of \"a\"",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [[\"a\", \"q\"]]} | merge 0 names the token \"q\"",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [[\"a\", \"a\"]]} | merge 0 names the token \"aa\"",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"aa\"]} | merge 0 is \"aa\"",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [[\"a\"]]} | a token of merge 0",
                "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"unk_token\": \"?\"} | unknown token \"?\"",
            })
    void aModelThatIsWrongIsNamed(String model, String says) {
        refused("{\"model\": " + model + "}", says);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"normalizer\": {\"type\": \"Precomposed\"} | normalizer of the tokenizer is of type \"Precomposed\"",
                "\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"} | its trie has",
                "\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"?\"} | no base64",
                "\"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Best\"}]} | pre_tokenizer/pretokenizers[0]",
                "\"decoder\": {\"type\": \"CTC\"} | \"CTC\"",
                "\"decoder\": \"ByteLevel\" | decoder of the tokenizer is STRING",
                "\"post_processor\": {\"type\": \"Other\"} | \"Other\"",
                "\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}, \"behavior\": \"Isolated\"} | the pattern \"(\" cannot be used",
                "\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(?:){999}{999}{999}\"}} | repeats itself too often",
                "\"post_processor\": {\"type\": \"BertProcessing\", \"cls\": [\"x\", 7], \"sep\": [\"y\", 0]} | adds id 7",
                "\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"String\": \"a\"}, \"behavior\": \"Often\"} | behavior of pre_tokenizer",
                "\"pre_tokenizer\": {\"type\": \"Metaspace\", \"replacement\": \"\"} | a single character",
                "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [], \"special_tokens\": {}} | single of post_processor",
                "\"post_processor\": {\"type\": \"BertProcessing\", \"cls\": 1} | a token and its id",
                "\"added_tokens\": [{\"id\": 7}] | content of the file/added_tokens[0] in the tokenizer is missing",
                "\"added_tokens\": [{\"id\": 0, \"content\": \"c\"}] | id 0, which is \"a\"",
                "\"added_tokens\": [{\"id\": 5, \"content\": \"c\"}, {\"id\": 5, \"content\": \"d\"}] | id 5, which is \"c\"",
                "\"added_tokens\": [{\"id\": 1999999999, \"content\": \"c\"}] | id 1999999999",
            })
    void aComponentThatIsWrongIsNamed(String component, String says) {
        refused("{" + MODEL + ", " + component + "}", says);
    }

    @Test
    void whatIsNotJsonIsNamedWithItsLine() {
        refused("{\n\"model\": {\n nonsense", "line 3");
        refused("", "the file in the tokenizer is null");
        refused("{\"model\"", "not a tokenizer");
    }

    @Test
    void deepNestingIsRefused() {
        String open = "{\"type\": \"Sequence\", \"normalizers\": [";
        refused("{" + MODEL + ", \"normalizer\": " + open.repeat(100_000), "nesting depth");
    }

    @Test
    void aFileIsNamed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(() -> TokenizerJson.read(file))
                .isInstanceOf(TokenizerException.class)
                .hasMessageStartingWith(file.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "(a+)+$, too many steps",
        "(a|aa)+!, pattern",
        "(?:a|b)*c, pattern",
        "(.*)*x, too many steps",
        "'(?=a*(a*)*)x', too many steps",
        "'\\\\z(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(?=x)', too many steps",
    })
    void aPatternThatBacktracksForeverEnds(String regex, String says) {
        Tokenizer tokenizer = TokenizerJson.parse("{" + MODEL
                + ", \"pre_tokenizer\": {\"type\": \"Split\", \"behavior\": \"Isolated\", \"pattern\": {\"Regex\": \""
                + regex
                + "\"}}}");
        String text = "a".repeat(20_000) + "b";
        Assertions.assertTimeout(
                Duration.ofSeconds(30),
                () -> assertThatThrownBy(() -> tokenizer.encode(text, false))
                        .isInstanceOf(TokenizerException.class)
                        .hasMessageContaining(says));
    }

    /** Java would take these brackets as characters; what follows them must not pass for members of a class. */
    @Test
    void aBracketThatIsNoneHidesNothing() {
        String endless = "\\z" + "(|)".repeat(60) + "(?=x)";
        TextPattern control = TextPattern.Regex.of("(?:\\c[)?" + endless);
        assertThatThrownBy(() -> control.spans("ab", Budget.of("ab"))).hasMessageContaining("too many steps");
        assertThatThrownBy(() -> TextPattern.Regex.of("\\Q[\\E" + endless)).hasMessageContaining("cannot be used");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?x)#[\na", "(?s:.)", "(?U)a", "(?~a)", "(?<a"})
    void aGroupThatIsNotKnownIsNamed(String regex) {
        assertThatThrownBy(() -> TextPattern.Regex.of(regex))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("a group that begins with \"(?");
    }

    @Test
    void replacementsThatGrowWithoutEndEnd() {
        String doubling = "{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"aa\"},";
        Tokenizer tokenizer = TokenizerJson.parse("{" + MODEL
                + ", \"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [" + doubling.repeat(60)
                + "{\"type\": \"NFC\"}]}}");
        assertThatThrownBy(() -> tokenizer.encode("a", false))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void aDecoderThatGrowsWithoutEndEnds() {
        Tokenizer tokenizer = TokenizerJson.parse("{" + MODEL
                + ", \"decoder\": {\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \""
                + "x".repeat(100_000) + "\"}}");
        assertThatThrownBy(() -> tokenizer.decode(new int[1000], false))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void marksWithoutEndEnd() {
        Tokenizer tokenizer = TokenizerJson.parse("{" + MODEL + ", \"normalizer\": {\"type\": \"NFC\"}}");
        String marks = "a" + "\u0301\u0316".repeat(500_000);
        Assertions.assertTimeout(
                Duration.ofSeconds(10),
                () -> assertThatThrownBy(() -> tokenizer.encode(marks, false))
                        .isInstanceOf(TokenizerException.class)
                        .hasMessageContaining("combining marks"));
    }

    @Test
    void tokensThatAlmostMatchEverywhereEnd() {
        String almost = "a".repeat(40_000) + "b";
        Tokenizer unigram = TokenizerJson.parse(
                "{\"model\": {\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": [[\"<unk>\", 0], [\"a\", -1], [\""
                        + almost + "\", -2]]}}");
        Tokenizer wordPiece = TokenizerJson.parse(
                "{\"model\": {\"type\": \"WordPiece\", \"max_input_chars_per_word\": 100000000, \"vocab\": {\"[UNK]\": 0,"
                        + " \"a\": 1, \"##a\": 2, \"" + almost + "\": 3}}}");
        for (Tokenizer tokenizer : new Tokenizer[] {unigram, wordPiece}) {
            Assertions.assertTimeout(
                    Duration.ofSeconds(20),
                    () -> assertThatThrownBy(() -> tokenizer.encode("a".repeat(1_000_000), false))
                            .isInstanceOf(TokenizerException.class)
                            .hasMessageContaining("too many steps"));
        }
    }

    @Test
    void addedTokensThatAlmostMatchEverywhereEnd() {
        String almost = "a".repeat(60_000) + "b";
        Tokenizer tokenizer = TokenizerJson.parse(
                "{" + MODEL + ", \"added_tokens\": [{\"id\": 9, \"content\": \"" + almost + "\"}]}");
        assertThatThrownBy(() -> tokenizer.encode("a".repeat(1_000_000), false))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("too many steps");
    }

    private static void refused(String json, String says) {
        assertThatThrownBy(() -> TokenizerJson.parse(json))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(says);
    }
}
