package io.orrery.engine.tokenizer;

/**
 * A part of a text on its way to the model.
 *
 * @param atStart whether it begins where the whole text begins
 */
record Piece(String text, boolean atStart) {
    Piece part(int start, int end) {
        return start == 0 && end == text.length() ? this : new Piece(text.substring(start, end), atStart && start == 0);
    }
}
