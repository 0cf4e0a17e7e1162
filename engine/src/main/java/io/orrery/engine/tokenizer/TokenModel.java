package io.orrery.engine.tokenizer;

/** Makes tokens of a piece of text (tokenizers, models/). Safe for many threads. */
interface TokenModel {
    Vocabulary vocabulary();

    /**
     * The ids of a piece, not to be changed.
     *
     * @param budget pays for work that grows faster than the piece
     */
    int[] encode(String piece, Budget budget);
}
