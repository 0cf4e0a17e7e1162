package io.orrery.engine.tokenizer;

import java.util.List;

/** Two tokens that may become one. */
record Merge(String left, String right) {
    /**
     * {@code "a b"}; a token may itself begin with a space.
     *
     * @param rank its place, for the message
     */
    static Merge parse(String line, int rank) {
        int space = line.indexOf(' ', 1);
        if (space < 0) {
            throw new TokenizerException("merge " + rank + " is " + Vocabulary.quoted(line)
                    + "; two tokens with a space between belong there");
        }
        return new Merge(line.substring(0, space), line.substring(space + 1));
    }

    /** @param subwordPrefix what the right token loses in a merge, where it begins so */
    static MergeTable table(List<Merge> merges, Vocabulary vocabulary, String subwordPrefix) {
        MergeTable table = new MergeTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            Merge merge = merges.get(rank);
            String right =
                    merge.right.startsWith(subwordPrefix) ? merge.right.substring(subwordPrefix.length()) : merge.right;
            table.put(
                    id(vocabulary, rank, merge.left),
                    id(vocabulary, rank, merge.right),
                    rank,
                    id(vocabulary, rank, merge.left + right));
        }
        return table;
    }

    private static int id(Vocabulary vocabulary, int rank, String token) {
        int id = vocabulary.id(token);
        if (id < 0) {
            throw new TokenizerException(
                    "merge " + rank + " names the token " + Vocabulary.quoted(token) + ", which the vocabulary lacks");
        }
        return id;
    }
}
