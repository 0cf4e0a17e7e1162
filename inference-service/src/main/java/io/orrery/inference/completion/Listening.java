package io.orrery.inference.completion;

import io.orrery.engine.generate.TextPiece;
import java.util.Optional;

/** Hears a request's choices to their end. Confined to the request's thread. */
record Listening(Choices choices, Waiting waiting, CompletionMeters.Timing timing) {
    /** Told what was said, in the order of each choice's text. */
    interface Reader {
        void piece(Choice choice, TextPiece piece);

        void ended(Choice choice, String finishReason);
    }

    /** @throws RuntimeException that a choice broke with */
    void hear(Reader reader) throws InterruptedException {
        int open = choices.count();
        while (open > 0) {
            Optional<Choice.Event> event = choices.next(waiting.step());
            if (event.isEmpty()) {
                waiting.look("");
                continue;
            }
            switch (event.get()) {
                case Choice.Event.Piece(var choice, var piece) -> {
                    timing.piece(choice, piece);
                    reader.piece(choice, piece);
                }
                case Choice.Event.Ended(var choice, var reason) -> {
                    open--;
                    reader.ended(choice, Answering.word(reason));
                }
                case Choice.Event.Broke broke -> throw broke.cause();
            }
            waiting.heard();
        }
    }
}
