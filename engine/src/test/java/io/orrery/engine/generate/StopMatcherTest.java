package io.orrery.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopMatcherTest {
    @Test
    void aStopStringSplitOverPiecesIsNotShown() {
        StopMatcher matcher = new StopMatcher(List.of("\n\nUser:"));
        assertThat(matcher.push("Hello\n")).isEqualTo("Hello");
        assertThat(matcher.push("\nUs")).isEmpty();
        assertThat(matcher.push("er: more")).isEmpty();
        assertThat(matcher.isMatched()).isTrue();
        assertThat(matcher.push("x") + matcher.flush()).isEmpty();
    }

    @Test
    void whatOnlyLooksLikeABeginningIsShownLater() {
        StopMatcher matcher = new StopMatcher(List.of("STOP", "STAY"));
        assertThat(matcher.push("a ST")).isEqualTo("a ");
        assertThat(matcher.push("ART")).isEqualTo("START");
        assertThat(matcher.push("S")).isEmpty();
        assertThat(matcher.flush()).isEqualTo("S");
        assertThat(matcher.isMatched()).isFalse();
    }

    @Test
    void theEarliestOfSeveralWins() {
        assertThat(new StopMatcher(List.of("c", "b")).push("abc")).isEqualTo("a");
    }
}
