package io.orrery.engine.tokenizer;

import java.util.Arrays;

/**
 * The longest known beginning of what is left of a word, time and again; parts that do not begin the word carry a prefix. A word
 * that has a part that is not known is unknown as a whole (tokenizers, models/wordpiece). Immutable.
 *
 * @param unknown id of the unknown token
 * @param prefix of parts inside a word: {@code ##}
 * @param longestWord characters; longer words are unknown
 * @param longestToken UTF-16 units of the longest token
 */
record WordPieceModel(Vocabulary vocabulary, int unknown, String prefix, int longestWord, int longestToken)
        implements TokenModel {
    private static final int[] NOTHING = {};

    static WordPieceModel of(Vocabulary vocabulary, String unknown, String prefix, int longestWord) {
        if (vocabulary.id(unknown) < 0) {
            throw new TokenizerException(
                    "the unknown token " + Vocabulary.quoted(unknown) + " is not in the vocabulary");
        }
        int longest = 0;
        for (int id = 0; id < vocabulary.size(); id++) {
            longest = Math.max(longest, vocabulary.token(id).length());
        }
        return new WordPieceModel(vocabulary, vocabulary.id(unknown), prefix, longestWord, longest);
    }

    @Override
    public int[] encode(String piece, Budget budget) {
        if (piece.isEmpty()) {
            return NOTHING;
        }
        if (piece.codePointCount(0, piece.length()) > longestWord) {
            return new int[] {unknown};
        }
        int[] ids = new int[piece.length()];
        int count = 0;
        for (int start = 0; start < piece.length(); count++) {
            int end = end(piece, start, budget);
            if (end == start) {
                return new int[] {unknown};
            }
            ids[count] = vocabulary.id(part(piece, start, end));
            start = end;
        }
        return Arrays.copyOf(ids, count);
    }

    /** Where the longest known part ends; {@code start} where there is none. */
    private int end(String piece, int start, Budget budget) {
        int end = Math.min(piece.length(), start + longestToken);
        while (end > start) {
            budget.spend(end - start);
            boolean cutsPair = end < piece.length() && Character.isLowSurrogate(piece.charAt(end));
            if (!cutsPair && vocabulary.id(part(piece, start, end)) >= 0) {
                return end;
            }
            end--;
        }
        return start;
    }

    private String part(String piece, int start, int end) {
        String part = piece.substring(start, end);
        return start == 0 ? part : prefix + part;
    }
}
