package io.orrery.engine.generate;

import io.orrery.engine.tokenizer.TokenStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A generation as text: whole characters, ended by stop strings as well as by stop tokens. Confined to its reader's thread, but
 * for {@link #close}.
 */
public final class TextGeneration implements AutoCloseable {
    private final Generation generation;
    private final TokenStream stream;
    private final StopMatcher stops;
    private final List<TokenChoice> prompt = new ArrayList<>();
    private List<TokenChoice> pending = new ArrayList<>();
    private int tokens;
    private @Nullable FinishReason reason;

    /** @param stops texts that end the answer, and are not part of it */
    public TextGeneration(Generation generation, TokenStream stream, List<String> stops) {
        this.generation = generation;
        this.stream = stream;
        this.stops = new StopMatcher(stops);
    }

    /**
     * Waits for the next piece; empty once there is none. After a timeout it may be called again, and nothing is lost.
     *
     * @param patience for one token
     * @throws EngineException where nothing came in time, or the engine failed
     */
    public Optional<TextPiece> next(Duration patience) throws InterruptedException {
        while (reason == null) {
            String text = switch (generation.next(patience)) {
                case GenerationEvent.Scored scored -> {
                    prompt.add(scored.choice());
                    yield "";
                }
                case GenerationEvent.Token token -> take(token.choice());
                case GenerationEvent.Finished finished -> end(finished.reason());
                case GenerationEvent.Failed failed -> throw failed.cause();
            };
            if (!text.isEmpty() || reason != null && !pending.isEmpty()) {
                TextPiece piece = new TextPiece(text, pending);
                pending = new ArrayList<>();
                return Optional.of(piece);
            }
        }
        return Optional.empty();
    }

    private String take(TokenChoice choice) {
        tokens++;
        pending.add(choice);
        String text = stops.push(stream.push(choice.token()));
        if (stops.isMatched()) {
            generation.close();
            reason = FinishReason.STOP;
        }
        return text;
    }

    private String end(FinishReason last) {
        String text = stops.push(stream.flush()) + stops.flush();
        reason = stops.isMatched() ? FinishReason.STOP : last;
        return text;
    }

    /** The prompt's tokens from the second on, where they were to be scored. */
    public List<TokenChoice> prompt() {
        return List.copyOf(prompt);
    }

    /** Tokens generated so far. */
    public int tokens() {
        return tokens;
    }

    /** Why it ended; empty before. */
    public Optional<FinishReason> finishReason() {
        return Optional.ofNullable(reason);
    }

    /** Frees the sequence's place within a step, where it has not ended. */
    @Override
    public void close() {
        generation.close();
    }
}
