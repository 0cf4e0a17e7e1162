package io.orrery.engine.train;

import io.orrery.engine.tokenizer.TokenStream;
import io.orrery.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Longest match of a list of special tokens and pieces, else characters: merges across the borders of a prompt as real
 * tokenizers do.
 */
final class WordTokenizer implements Tokenizer {
    private static final int CHARACTERS = 256;

    private final List<String> special;
    private final List<String> pieces;

    WordTokenizer(List<String> special, List<String> pieces) {
        this.special = special;
        this.pieces = pieces;
    }

    @Override
    public int vocabSize() {
        return CHARACTERS + special.size() + pieces.size();
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        List<Integer> ids = new ArrayList<>();
        if (addSpecialTokens) {
            ids.add(CHARACTERS);
        }
        for (int at = 0; at < text.length(); ) {
            int id = longest(text, at);
            ids.add(id);
            at += token(id).length();
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private int longest(String text, int at) {
        return IntStream.range(CHARACTERS, vocabSize())
                .boxed()
                .filter(id -> text.startsWith(token(id), at))
                .max(Comparator.comparingInt(id -> token(id).length()))
                .orElse(Math.min(text.charAt(at), CHARACTERS - 1));
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return Arrays.stream(ids)
                .filter(id -> !skipSpecialTokens || !isSpecial(id))
                .mapToObj(this::token)
                .collect(Collectors.joining());
    }

    @Override
    public OptionalInt id(String token) {
        return IntStream.range(0, vocabSize())
                .filter(id -> token(id).equals(token))
                .findFirst();
    }

    @Override
    public String token(int id) {
        if (id < CHARACTERS) {
            return String.valueOf((char) id);
        }
        return id < CHARACTERS + special.size()
                ? special.get(id - CHARACTERS)
                : pieces.get(id - CHARACTERS - special.size());
    }

    @Override
    public boolean isSpecial(int id) {
        return id >= CHARACTERS && id < CHARACTERS + special.size();
    }

    @Override
    public TokenStream stream(boolean skipSpecialTokens) {
        throw new UnsupportedOperationException("not needed in training");
    }
}
