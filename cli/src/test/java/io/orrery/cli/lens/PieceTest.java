package io.orrery.cli.lens;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PieceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Ġthe|' the'|␣the",
                "▁the|'the'|␣the",
                "▁|''|␣",
                "<0x0A>|'\n'|⏎",
                "x|'a\t\r'|a⇥␍",
                "<0xE2>|'\uFFFD'|<0xE2>",
                "''|''|[7]",
                "x|'\u0001'|\\u0001",
                "x|'\u200B'|\\u200b",
                "x|'\uFE0F'|◌\uFE0F",
                "x|'e\u0301'|e\u0301",
                "x|'<b>&'|<b>&",
                "x|'🙂'|🙂"
            })
    void whatCannotBeSeenIsMarked(String token, String text, String visible) {
        assertThat(new Piece(7, token, text).visible()).isEqualTo(visible);
    }
}
