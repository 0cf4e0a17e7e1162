package io.orrery.engine.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Merges of a SentencePiece vocabulary, which has scores instead: of all neighbours whose concatenation is a token, the one of
 * the highest score merges first (llama.cpp, src/llama-vocab.cpp, llm_tokenizer_spm). So every way to cut a token into two
 * tokens is a merge, and its rank is the place of the token's score.
 */
final class ScoreMerges {
    /** Characters looked at in cutting; published vocabularies take some ten million. */
    private static final long MAX_WORK = 1L << 30;

    private final Vocabulary vocabulary;
    private final IntPredicate mergeable;
    private long work;

    /** @param mergeable whether a token can come of a merge: not control tokens and bytes */
    ScoreMerges(Vocabulary vocabulary, IntPredicate mergeable) {
        this.vocabulary = vocabulary;
        this.mergeable = mergeable;
    }

    MergeTable table(double[] scores) {
        double[] ascending = scores.clone();
        Arrays.sort(ascending);
        int merges = 0;
        for (int id = 0; id < vocabulary.size(); id++) {
            merges += cut(id, (left, right) -> {});
        }
        MergeTable table = new MergeTable(merges);
        for (int id = 0; id < vocabulary.size(); id++) {
            int merged = id;
            int rank = ascending.length - 1 - last(ascending, scores[id]);
            cut(id, (left, right) -> table.put(left, right, rank, merged));
        }
        return table;
    }

    /** The same, the highest score first; of one token's cuts the shortest left one. */
    List<Merge> list(double[] scores) {
        List<Integer> ids = IntStream.range(0, vocabulary.size())
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -scores[id]))
                .toList();
        List<Merge> merges = new ArrayList<>();
        for (int id : ids) {
            cut(id, (left, right) -> merges.add(new Merge(vocabulary.token(left), vocabulary.token(right))));
        }
        return merges;
    }

    private interface Cut {
        void at(int left, int right);
    }

    private int cut(int id, Cut to) {
        String token = vocabulary.token(id);
        int cuts = 0;
        if (vocabulary.id(token) != id || !mergeable.test(id)) {
            return 0;
        }
        spend((long) token.length() * token.length());
        for (int i = token.offsetByCodePoints(0, 1); i < token.length(); i = token.offsetByCodePoints(i, 1)) {
            int left = vocabulary.id(token.substring(0, i));
            int right = vocabulary.id(token.substring(i));
            if (left >= 0 && right >= 0) {
                to.at(left, right);
                cuts++;
            }
        }
        return cuts;
    }

    private void spend(long characters) {
        work += characters;
        if (work > MAX_WORK) {
            throw new TokenizerException("the vocabulary's tokens are too long to find their merges;"
                    + " tokens of a SentencePiece model have 16 characters or so");
        }
    }

    /** Index of the last score that is not above this one. */
    private static int last(double[] ascending, double score) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Double.compare(ascending[middle], score) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
