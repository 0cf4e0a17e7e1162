package io.orrery.cli.repository;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Python's fnmatch.fnmatchcase answers, by which the Hub's own command line chooses files. */
class PathOptionsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "*.json, config.json, true",
                "*.json, sub/config.json, true",
                "*.json, config.jsonl, false",
                "model-?.bin, model-1.bin, true",
                "model-?.bin, model-10.bin, false",
                "model-[0-3].bin, model-3.bin, true",
                "model-[!0-3].bin, model-3.bin, false",
                "model-[!0-3].bin, model-4.bin, true",
                "a[b, a[b, true",
                "a.b, axb, false",
                "[[]x, [x, true",
                "[]x]y, xy, true",
                "[^a]x, ^x, true",
                "[^a]x, bx, false",
                "[a&&b]x, &x, true",
                "tokenizer/, tokenizer/vocab.json, true",
                "tokenizer/, tokenizer.json, false"
            })
    void aPatternMatchesAsOnTheHub(String glob, String path, boolean matches) {
        assertThat(PathOptions.pattern(glob).matcher(path).matches()).isEqualTo(matches);
    }
}
