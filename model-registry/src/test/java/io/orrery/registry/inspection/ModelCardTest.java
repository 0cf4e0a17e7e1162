package io.orrery.registry.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelCardTest {
    @Test
    void frontMatterIsTheMappingBetweenTheDashes() {
        ModelCard card =
                ModelCard.parse("---\nlicense: mit\ntags:\n- a\n- b\ndate: 2026-01-02\nn: 1.5\n---\n# Title\n---\n");
        assertThat(card)
                .isEqualTo(new ModelCard.Data(
                        Map.of("license", "mit", "tags", List.of("a", "b"), "date", "2026-01-02", "n", 1.5)));
    }

    @Test
    void aCardWithoutFrontMatterIsFine() {
        assertThat(ModelCard.parse("# Title\n---\nx: y\n---\n")).isEqualTo(new ModelCard.Absent());
        assertThat(ModelCard.parse("---\n---\n")).isEqualTo(new ModelCard.Absent());
        assertThat(ModelCard.parse("")).isEqualTo(new ModelCard.Absent());
    }

    @Test
    void aBreakIsNamedByItsLine() {
        assertThat(ModelCard.parse("---\nlicense: mit\ntags: [a\nb: c\n---\n"))
                .isInstanceOfSatisfying(
                        ModelCard.Broken.class,
                        broken -> assertThat(broken.message())
                                .startsWith("The front matter breaks at line 4 of the card"));
        assertThat(ModelCard.parse("---\n- a\n---\n"))
                .isEqualTo(new ModelCard.Broken("The front matter must be a mapping of keys to values"));
    }

    @Test
    void nothingIsBuiltButPlainValues() {
        assertThat(ModelCard.parse("---\na: !!javax.script.ScriptEngineManager []\n---\n"))
                .isInstanceOf(ModelCard.Broken.class);
        assertThat(ModelCard.parse("---\na: &a [x]\nb: [*a" + ", *a".repeat(80) + "]\n---\n"))
                .isInstanceOf(ModelCard.Broken.class);
        assertThat(ModelCard.parse("---\na: " + "[".repeat(100) + "]".repeat(100) + "\n---\n"))
                .isInstanceOf(ModelCard.Broken.class);
    }

    @Test
    void notANumberIsText() {
        assertThat(ModelCard.parse("---\na: .nan\nb: ~\n---\n"))
                .isEqualTo(new ModelCard.Data(Map.of("a", "NaN", "b", "")));
    }
}
