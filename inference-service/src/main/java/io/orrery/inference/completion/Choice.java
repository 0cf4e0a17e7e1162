package io.orrery.inference.completion;

import io.orrery.engine.generate.EngineException;
import io.orrery.engine.generate.FinishReason;
import io.orrery.engine.generate.TextGeneration;
import io.orrery.engine.generate.TextPiece;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** One of a request's answers under way. Pumped by a thread of its own, closed by the request's. */
final class Choice implements AutoCloseable {
    private final int index;
    private final Prompt prompt;
    private final TextGeneration generation;

    /** What a request's thread hears of its choices. */
    sealed interface Event {
        Choice choice();

        record Piece(Choice choice, TextPiece piece) implements Event {}

        record Ended(Choice choice, FinishReason reason) implements Event {}

        record Broke(Choice choice, RuntimeException cause) implements Event {}
    }

    Choice(int index, Prompt prompt, TextGeneration generation) {
        this.index = index;
        this.prompt = prompt;
        this.generation = generation;
    }

    int index() {
        return index;
    }

    Prompt prompt() {
        return prompt;
    }

    /** Its scores of the prompt are whole once it has said anything. */
    TextGeneration generation() {
        return generation;
    }

    /** Hands everything it says to a reader that never blocks. */
    void pump(Duration patience, Consumer<Event> reader) {
        Thread.ofVirtual().name("choice " + index).start(() -> {
            try {
                Optional<TextPiece> piece = generation.next(patience);
                for (; piece.isPresent(); piece = generation.next(patience)) {
                    reader.accept(new Event.Piece(this, piece.get()));
                }
                reader.accept(new Event.Ended(this, generation.finishReason().orElseThrow()));
            } catch (RuntimeException e) {
                generation.close();
                reader.accept(new Event.Broke(this, e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                generation.close();
                reader.accept(new Event.Broke(
                        this, new EngineException(EngineException.Reason.STOPPED, "the service is stopping")));
            }
        });
    }

    @Override
    public void close() {
        generation.close();
    }
}
