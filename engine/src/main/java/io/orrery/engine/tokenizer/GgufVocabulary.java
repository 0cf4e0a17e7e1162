package io.orrery.engine.tokenizer;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The vocabulary of a GGUF file.
 *
 * @param scores of SentencePiece tokens, a token each
 * @param types {@link #NORMAL} and so on, a token each
 * @param merges {@code "a b"}, earliest first
 */
record GgufVocabulary(List<String> tokens, double[] scores, long[] types, List<String> merges, Options options) {
    private static final String KEY = "tokenizer.ggml.";

    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;

    /**
     * What the file says about texts, where it does.
     *
     * @param pre name of the splitting
     */
    record Options(
            Optional<String> pre,
            Marks marks,
            Optional<Boolean> addBeginning,
            Optional<Boolean> addEnd,
            Optional<Boolean> addSpacePrefix) {
        static final Options NONE =
                new Options(Optional.empty(), Marks.NONE, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Ids of tokens with a meaning. */
    record Marks(Optional<Long> beginning, Optional<Long> end, Optional<Long> unknown) {
        static final Marks NONE = new Marks(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Reads the keys {@code tokenizer.ggml.*}; scores and types may be absent. */
    static GgufVocabulary of(GgufMetadata metadata) {
        List<String> tokens = metadata.strings(KEY + "tokens")
                .orElseThrow(() -> new TokenizerException("the file has no " + KEY + "tokens; it brings no tokenizer"));
        long[] normal = new long[tokens.size()];
        Arrays.fill(normal, NORMAL);
        return new GgufVocabulary(
                tokens,
                metadata.decimals(KEY + "scores").orElseGet(() -> new double[tokens.size()]),
                metadata.integers(KEY + "token_type").orElse(normal),
                metadata.strings(KEY + "merges").orElse(List.of()),
                new Options(
                        metadata.string(KEY + "pre"),
                        new Marks(
                                metadata.integer(KEY + "bos_token_id"),
                                metadata.integer(KEY + "eos_token_id"),
                                metadata.integer(KEY + "unknown_token_id")),
                        metadata.flag(KEY + "add_bos_token"),
                        metadata.flag(KEY + "add_eos_token"),
                        metadata.flag(KEY + "add_space_prefix")));
    }

    GgufVocabulary {
        if (types.length != tokens.size() || scores.length != tokens.size()) {
            throw new TokenizerException("the file has " + tokens.size() + " tokens, but " + scores.length
                    + " scores and " + types.length + " token types");
        }
    }

    boolean isMergeable(int id) {
        return types[id] == NORMAL || types[id] == USER_DEFINED;
    }

    /** Tokens that are recognised in texts as they are. */
    List<AddedToken> addedTokens() {
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
            if (special || types[id] == USER_DEFINED) {
                added.add(AddedToken.plain(id, tokens.get(id), special));
            }
        }
        return added;
    }

    /** What is put around a text; where the file does not say, {@code byDefault} a beginning only. */
    PostProcessor postProcessor(boolean byDefault, long beginning, long end) {
        List<Integer> before = options.addBeginning().orElse(byDefault)
                ? List.of(mark("bos_token_id", options.marks().beginning().orElse(beginning)))
                : List.of();
        List<Integer> after = options.addEnd().orElse(false)
                ? List.of(mark("eos_token_id", options.marks().end().orElse(end)))
                : List.of();
        return new PostProcessor.Around(before, after);
    }

    private int mark(String key, long id) {
        if (id < 0 || id >= tokens.size()) {
            throw new TokenizerException(
                    "tokenizer.ggml." + key + " is " + id + ", but the file has " + tokens.size() + " tokens");
        }
        return (int) id;
    }

    /** The unknown token's text, or empty where there is none. */
    String unknownToken() {
        long id = options.marks().unknown().orElse(0L);
        return id >= 0 && id < tokens.size() ? tokens.get((int) id) : "";
    }
}
