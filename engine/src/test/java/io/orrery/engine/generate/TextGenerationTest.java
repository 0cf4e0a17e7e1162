package io.orrery.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.tokenizer.TokenStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Text out of tokens that a test emits itself; token n is the n-th of a few texts. */
class TextGenerationTest {
    private static final Duration NOW = Duration.ofMillis(20);
    private static final List<String> TEXTS = List.of("Hel", "lo", " wor", "ld", ".", "\n", "END");

    private final Generation generation = new Generation(100);

    /** Holds every token back until the next, as an incomplete character does. */
    private static final class OneBehind implements TokenStream {
        private String held = "";

        @Override
        public String push(int id) {
            String now = held;
            held = TEXTS.get(id);
            return now;
        }

        @Override
        public String flush() {
            String now = held;
            held = "";
            return now;
        }
    }

    @Test
    void piecesAndTheirTokensAreWhole() throws InterruptedException {
        TextGeneration text = new TextGeneration(generation, new OneBehind(), List.of());
        say(0, 1, 2, 3);
        generation.emit(new GenerationEvent.Finished(FinishReason.LENGTH));

        List<TextPiece> pieces = all(text);
        assertThat(pieces).extracting(TextPiece::text).containsExactly("Hel", "lo", " wor", "ld");
        assertThat(pieces.stream().flatMap(piece -> piece.tokens().stream()).map(TokenChoice::token))
                .containsExactly(0, 1, 2, 3);
        assertThat(text.finishReason()).contains(FinishReason.LENGTH);
        assertThat(text.tokens()).isEqualTo(4);
    }

    @Test
    void aStopStringEndsItAndFreesItsPlace() throws InterruptedException {
        TextGeneration text = new TextGeneration(generation, new OneBehind(), List.of("world"));
        say(0, 1, 2, 3, 4, 5);
        List<TextPiece> pieces = all(text);

        assertThat(pieces.stream().map(TextPiece::text)).containsExactly("Hel", "lo", " ", "");
        assertThat(text.finishReason()).contains(FinishReason.STOP);
        assertThat(text.tokens()).as("tokens of the stop string count").isEqualTo(5);
        assertThat(generation.isCancelled()).isTrue();
    }

    @Test
    void aStopStringInWhatWasHeldBackCounts() throws InterruptedException {
        TextGeneration text = new TextGeneration(generation, new OneBehind(), List.of("ld"));
        say(2, 3);
        generation.emit(new GenerationEvent.Finished(FinishReason.LENGTH));

        assertThat(all(text).stream().map(TextPiece::text)).containsExactly(" wor");
        assertThat(text.finishReason()).contains(FinishReason.STOP);
    }

    @Test
    void aTimeoutLosesNothing() throws InterruptedException {
        TextGeneration text = new TextGeneration(generation, new OneBehind(), List.of());
        say(0);
        assertThatThrownBy(() -> text.next(NOW)).hasMessageContaining("no token came");
        say(1);
        TextPiece piece = text.next(NOW).orElseThrow();
        assertThat(piece.text()).isEqualTo("Hel");
        assertThat(piece.tokens()).hasSize(2);
    }

    @Test
    void aFailureIsThrownAndScoresAreKeptApart() {
        TextGeneration text = new TextGeneration(generation, new OneBehind(), List.of());
        generation.emit(new GenerationEvent.Scored(choice(3)));
        generation.emit(new GenerationEvent.Failed(new EngineException(EngineException.Reason.STOPPED, "gone")));
        assertThatThrownBy(() -> text.next(NOW))
                .isInstanceOf(EngineException.class)
                .hasMessage("gone");
        assertThat(text.prompt()).containsExactly(choice(3));
    }

    private void say(int... tokens) {
        for (int token : tokens) {
            generation.emit(new GenerationEvent.Token(choice(token)));
        }
    }

    private static TokenChoice choice(int token) {
        return new TokenChoice(token, -1, List.of());
    }

    private static List<TextPiece> all(TextGeneration text) throws InterruptedException {
        List<TextPiece> pieces = new ArrayList<>();
        for (Optional<TextPiece> piece = text.next(NOW); piece.isPresent(); piece = text.next(NOW)) {
            pieces.add(piece.get());
        }
        return pieces;
    }
}
