package io.orrery.engine.tokenizer;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Learns a tokenizer from texts: byte-level BPE, digits one by one, words split as GPT-2 does. The special tokens have the first
 * ids, then come the 256 bytes, then what was merged. The same texts in any order give the same tokenizer.
 */
public final class BpeTrainer {
    private static final PreTokenizer WORDS = new PreTokenizer.Sequence(List.of(
            new PreTokenizer.Split(
                    new TextPattern.CharacterClass(UnicodeClass::isNumber), SplitBehavior.ISOLATED, false),
            new PreTokenizer.ByteLevel(false, true)));

    private BpeTrainer() {}

    /**
     * @param vocabSize tokens wanted; fewer where no pair of tokens occurs twice any more
     * @param specialTokens taken out of the texts whole
     * @return a tokenizer.json, as {@link TokenizerJson#parse} and Hugging Face's tokenizers read it
     * @throws TokenizerException where the special tokens and the 256 bytes do not fit, or special tokens are not usable
     */
    public static String train(Iterable<String> texts, int vocabSize, List<String> specialTokens) {
        check(vocabSize, specialTokens);
        MergeLearner learner = new MergeLearner(specialTokens, count(texts, specialTokens));
        learner.learn(vocabSize);
        return TrainedTokenizer.json(learner.tokens(), learner.merges(), specialTokens);
    }

    private static void check(int vocabSize, List<String> specialTokens) {
        if (vocabSize < specialTokens.size() + 256) {
            throw new TokenizerException("a vocabulary of " + vocabSize + " tokens has no room for 256 bytes and "
                    + specialTokens.size() + " special tokens");
        }
        if (new LinkedHashSet<>(specialTokens).size() < specialTokens.size()) {
            throw new TokenizerException("a special token is named twice in " + specialTokens);
        }
        for (String token : specialTokens) {
            if (token.length() < 2) {
                throw new TokenizerException("the special token " + Vocabulary.quoted(token)
                        + " has fewer than two characters; it would be taken out of every text");
            }
        }
    }

    private static Map<String, Integer> count(Iterable<String> texts, List<String> specialTokens) {
        List<AddedToken> added = specialTokens.stream()
                .map(token -> AddedToken.plain(0, token, true))
                .toList();
        AddedTokens special = new AddedTokens(added, new Normalizer.Sequence(List.of()));
        Map<String, Integer> counts = new HashMap<>();
        for (String text : texts) {
            Budget budget = Budget.of(text);
            special.split(
                    text,
                    budget,
                    piece -> WORDS.split(piece, budget, word -> counts.merge(word.text(), 1, Math::addExact)),
                    token -> {});
        }
        return counts;
    }
}
