package io.orrery.engine.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * Merges the most frequent pair of neighbours, again and again; of equally frequent ones the pair of lower ids (Sennrich et al.
 * 2016, arXiv:1508.07909, algorithm 1; the order of ties as in tokenizers, models/bpe/trainer.rs). Words are counted once, and a
 * merge only touches the words that have its pair. Confined to one thread.
 */
final class MergeLearner {
    private static final int MIN_COUNT = 2;
    private static final int ABSENT = -1;

    private final int specials;
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<Merge> merges = new ArrayList<>();
    private final List<Word> words = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(
            Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::key));

    private static final class Word {
        private int[] symbols;
        private final int count;

        private Word(int[] symbols, int count) {
            this.symbols = symbols;
            this.count = count;
        }
    }

    /** How often two symbols are neighbours, and in which words they were at some time. */
    private static final class Pair {
        private long count;
        private final List<Word> words = new ArrayList<>();
    }

    /** A pair as it was queued: its count may have fallen since. */
    private record Candidate(long key, long count) {
        int left() {
            return (int) (key >>> 32);
        }

        int right() {
            return (int) key;
        }
    }

    /** @param counts words in the alphabet of {@link ByteLevelAlphabet} and how often they occur */
    MergeLearner(List<String> specialTokens, Map<String, Integer> counts) {
        specials = specialTokens.size();
        specialTokens.forEach(this::add);
        char[] alphabet = new char[256];
        for (int b = 0; b < alphabet.length; b++) {
            alphabet[b] = ByteLevelAlphabet.character(b);
        }
        Arrays.sort(alphabet);
        for (char c : alphabet) {
            add(String.valueOf(c));
        }
        counts.forEach(this::addWord);
        pairs.forEach((key, pair) -> queue.add(new Candidate(key, pair.count)));
    }

    /** All tokens, by id. */
    List<String> tokens() {
        return Collections.unmodifiableList(tokens);
    }

    /** In the order learned. */
    List<Merge> merges() {
        return Collections.unmodifiableList(merges);
    }

    void learn(int vocabSize) {
        while (tokens.size() < vocabSize && !queue.isEmpty()) {
            Candidate candidate = queue.poll();
            Pair pair = pairs.getOrDefault(candidate.key, new Pair());
            if (pair.count < MIN_COUNT) {
                pairs.remove(candidate.key);
            } else if (pair.count < candidate.count) {
                queue.add(new Candidate(candidate.key, pair.count));
            } else {
                merge(candidate, pair);
            }
        }
    }

    private int add(String token) {
        ids.put(token, tokens.size());
        tokens.add(token);
        return tokens.size() - 1;
    }

    private void addWord(String text, int count) {
        Word word = new Word(
                text.chars()
                        .map(c -> ids.getOrDefault(String.valueOf((char) c), ABSENT))
                        .toArray(),
                count);
        words.add(word);
        for (int i = 0; i + 1 < word.symbols.length; i++) {
            Pair pair = pair(word, i);
            pair.count += count;
            pair.words.add(word);
        }
    }

    private void merge(Candidate candidate, Pair pair) {
        pairs.remove(candidate.key);
        String left = tokens.get(candidate.left());
        String right = tokens.get(candidate.right());
        int known = ids.getOrDefault(left + right, ABSENT);
        if (known != ABSENT && known < specials) {
            return;
        }
        int merged = known == ABSENT ? add(left + right) : known;
        merges.add(new Merge(left, right));
        TreeSet<Long> grown = new TreeSet<>();
        for (Word word : pair.words) {
            merge(word, candidate, merged, grown);
        }
        for (long key : grown) {
            queue.add(new Candidate(key, pairs.getOrDefault(key, new Pair()).count));
        }
    }

    private void merge(Word word, Candidate candidate, int merged, TreeSet<Long> grown) {
        int[] after = replaced(word.symbols, candidate, merged);
        if (after.length == word.symbols.length) {
            return;
        }
        for (int i = 0; i + 1 < word.symbols.length; i++) {
            pair(word, i).count -= word.count;
        }
        word.symbols = after;
        for (int i = 0; i + 1 < after.length; i++) {
            Pair pair = pair(word, i);
            pair.count += word.count;
            if (after[i] == merged || after[i + 1] == merged) {
                pair.words.add(word);
                grown.add(key(after[i], after[i + 1]));
            }
        }
    }

    private static int[] replaced(int[] symbols, Candidate candidate, int merged) {
        int[] out = new int[symbols.length];
        int size = 0;
        for (int i = 0; i < symbols.length; i++) {
            boolean matches =
                    i + 1 < symbols.length && symbols[i] == candidate.left() && symbols[i + 1] == candidate.right();
            out[size++] = matches ? merged : symbols[i];
            i += matches ? 1 : 0;
        }
        return Arrays.copyOf(out, size);
    }

    private Pair pair(Word word, int at) {
        return pairs.computeIfAbsent(key(word.symbols[at], word.symbols[at + 1]), key -> new Pair());
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
