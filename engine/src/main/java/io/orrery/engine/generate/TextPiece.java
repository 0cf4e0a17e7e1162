package io.orrery.engine.generate;

import java.util.List;

/**
 * Text that is certain, and the tokens that came since the piece before; a token whose text is held back comes without it.
 */
public record TextPiece(String text, List<TokenChoice> tokens) {
    public TextPiece {
        tokens = List.copyOf(tokens);
    }
}
