package io.orrery.engine.tokenizer;

/**
 * A token that is recognised in the text before the model sees it.
 *
 * @param singleWord only where no word character is next to it
 * @param leftStrip whether it swallows white space before it
 * @param rightStrip whether it swallows white space after it
 * @param normalized whether it is looked for in the normalized text rather than in the text as given
 * @param special whether decoding can leave it out
 */
record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean leftStrip,
        boolean rightStrip,
        boolean normalized,
        boolean special) {
    static AddedToken plain(int id, String content, boolean special) {
        return new AddedToken(id, content, false, false, false, false, special);
    }
}
