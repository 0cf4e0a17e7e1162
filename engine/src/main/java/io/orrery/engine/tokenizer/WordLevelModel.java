package io.orrery.engine.tokenizer;

/**
 * Whole words (tokenizers, models/wordlevel). Immutable.
 *
 * @param unknown id of the unknown token, -1 where there is none
 */
record WordLevelModel(Vocabulary vocabulary, int unknown) implements TokenModel {
    private static final int[] NOTHING = {};

    @Override
    public int[] encode(String piece, Budget budget) {
        int id = vocabulary.id(piece);
        int known = id < 0 ? unknown : id;
        return piece.isEmpty() || known < 0 ? NOTHING : new int[] {known};
    }
}
