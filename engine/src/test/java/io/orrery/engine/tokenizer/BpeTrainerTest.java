package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
    private static final List<String> SPECIAL = List.of("<|begin|>", "<|end|>");

    @Test
    void theMostFrequentPairMergesFirstAndTiesGoToLowerIds() {
        Tokenizer tokenizer = TokenizerJson.parse(BpeTrainer.train(List.of("ab ab ab cd cd cd bcd"), 260, SPECIAL));
        assertThat(tokenizer.token(258)).as("four times").isEqualTo("cd");
        assertThat(tokenizer.token(259)).as("three times, as \u0120cd").isEqualTo("ab");
    }

    @Test
    void specialTokensAndBytesHaveTheFirstIds() {
        Tokenizer tokenizer =
                TokenizerJson.parse(BpeTrainer.train(List.of("<|begin|>hello hello<|end|>"), 300, SPECIAL));
        assertThat(tokenizer.encode("<|begin|>hello<|end|>", true))
                .startsWith(0)
                .endsWith(1)
                .hasSize(3);
        assertThat(tokenizer.isSpecial(0)).isTrue();
        assertThat(tokenizer.isSpecial(2)).isFalse();
        assertThat(tokenizer.token(2)).isEqualTo("!");
        assertThat(tokenizer.token(258)).isNotEmpty();
    }

    @Test
    void digitsStandAlone() {
        Tokenizer tokenizer = TokenizerJson.parse(BpeTrainer.train(List.of("12 12 12 12 12 12"), 400, SPECIAL));
        assertThat(tokenizer.encode("1212", false)).hasSize(4);
    }

    @Test
    void anyTextComesBackThroughALearnedTokenizer() {
        Tokenizer tokenizer = TokenizerJson.parse(BpeTrainer.train(corpus(200), 400, SPECIAL));
        String text = "na\u00EFve \uD83D\uDE00 \u4E16\u754C\n\t  x\u0000 <|end";
        assertThat(tokenizer.decode(tokenizer.encode(text, false), false)).isEqualTo(text);
    }

    @Test
    void theOrderOfTextsDoesNotMatter() {
        List<String> texts = corpus(500);
        String first = BpeTrainer.train(texts, 600, SPECIAL);
        Collections.reverse(texts);
        assertThat(BpeTrainer.train(texts, 600, SPECIAL)).isEqualTo(first);
    }

    @Test
    void aLearnedTokenizerIsShorterThanBytes() {
        Tokenizer tokenizer = TokenizerJson.parse(BpeTrainer.train(corpus(500), 600, SPECIAL));
        assertThat(tokenizer.vocabSize()).isEqualTo(600);
        String text = corpus(1).getFirst();
        assertThat(tokenizer.encode(text, false).length).isLessThan(text.length() / 2);
    }

    @Test
    void fiveMegabytesTakeSeconds() {
        List<String> texts = corpus(42_000);
        assertThat(texts.stream().mapToLong(String::length).sum()).isGreaterThan(5_000_000);
        Assertions.assertTimeout(Duration.ofSeconds(60), () -> BpeTrainer.train(texts, 4096, SPECIAL));
    }

    @Test
    void unusableRequestsAreNamed() {
        assertThatThrownBy(() -> BpeTrainer.train(List.of("a"), 257, SPECIAL)).hasMessageContaining("no room");
        assertThatThrownBy(() -> BpeTrainer.train(List.of("a"), 300, List.of("<s>", "<s>")))
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> BpeTrainer.train(List.of("a"), 300, List.of("a")))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("\"a\"");
    }

    /** Sentences of made-up words that repeat as words do: the n-th is as frequent as 1/n. */
    private static List<String> corpus(int sentences) {
        Random random = new Random(7);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = 1 + random.nextInt(4); n >= 0; n--) {
                word.append("bdfgklmnprst".charAt(random.nextInt(12))).append("aeiou".charAt(random.nextInt(5)));
            }
            words.add(word.toString());
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < sentences; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 0; n < 18; n++) {
                text.append(words.get((int) Math.pow(words.size(), random.nextDouble()) - 1))
                        .append(n == 17 ? "." : " ");
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
