package io.orrery.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CorpusTest {
    @Test
    void noFamilyCanBeAnsweredWithoutLearningIt() {
        Corpus corpus = new Corpus(1);
        for (Family family : List.of(corpus.sums(20_000), corpus.dates(20_000), corpus.animals())) {
            Corpus.check(family);
            assertThat(family.heldOut()).as(family.name()).hasSize(Corpus.HELD_OUT);
        }
    }

    @Test
    void aHeldOutPairIsNeverAddedInAnyWording() {
        Family sums = new Corpus(2).sums(30_000);
        List<String> taught =
                sums.training().stream().map(q -> numbers(q.text())).distinct().toList();
        assertThat(sums.heldOut()).noneMatch(question -> taught.contains(numbers(question.text())));
    }

    @Test
    void theSameSeedWritesTheSame() {
        assertThat(new Corpus(3).dates(50)).isEqualTo(new Corpus(3).dates(50));
    }

    @Test
    void aLeakIsNoticed() {
        Question leaked = new Question("q", "a");
        assertThatThrownBy(() -> Corpus.check(new Family("leaky", List.of(leaked), List.of(leaked))))
                .hasMessageContaining("held-out question is taught");
    }

    private static String numbers(String text) {
        return text.replaceAll("\\D+", " ").strip();
    }
}
