package io.orrery.inference.completion;

import io.orrery.api.openai.Usage;
import io.orrery.engine.generate.TextPiece;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How one kind of completion looks on the wire. Keeps the place in each choice's text; confined to the request's thread. */
interface AnswerFormat {
    /** What comes before a choice's first text. */
    Optional<Object> begin(Choice choice);

    /** A piece of text; absent where it shows nothing. */
    Optional<Object> piece(Choice choice, TextPiece piece);

    /** A choice's last piece. @param finishReason {@code stop} or {@code length} */
    Object end(Choice choice, String finishReason);

    /** The last piece of a stream, where it was asked for. */
    Object usage(Usage usage);

    /** The answer in one piece. */
    Object whole(List<Spoken> choices, Usage usage);

    /** A choice that was collected. */
    record Spoken(Choice choice, List<TextPiece> pieces, String finishReason) {
        /** All pieces as one. */
        TextPiece joined() {
            return new TextPiece(
                    pieces.stream().map(TextPiece::text).collect(Collectors.joining()),
                    pieces.stream().flatMap(piece -> piece.tokens().stream()).toList());
        }
    }
}
