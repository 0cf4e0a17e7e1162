package io.orrery.engine.tokenizer;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What {@code tokenizer.ggml.pre} stands for (llama.cpp, src/llama-vocab.cpp): patterns that split one after another, what
 * Hugging Face's tokenizer of that family does before, and defaults that go with it.
 *
 * @param composes whether the family's tokenizer.json normalizes to NFC; llama.cpp does not
 * @param takesWholePieces whether a piece that is a token is not merged, and a beginning is put before texts
 */
record GgufSplitting(List<String> patterns, boolean composes, boolean takesWholePieces) {
    private static final Map<String, GgufSplitting> BY_NAME = new TreeMap<>();

    /** Of the names that mean the same, those of the models that most files come from. */
    private static final Set<String> PREFERRED = Set.of("llama-bpe", "dbrx", "qwen2", "gpt-2", "starcoder");

    static {
        GgufSplitting llama3 = new GgufSplitting(List.of(SplitPatterns.LLAMA3), false, true);
        name(llama3, "llama3", "llama-v3", "llama-bpe", "falcon3");
        name(new GgufSplitting(List.of(SplitPatterns.TEKKEN), false, true), "tekken");
        name(plain(SplitPatterns.LLAMA3), "dbrx", "smaug-bpe");
        name(plain(SplitPatterns.QWEN2).composed(), "qwen2", "deepseek-r1-qwen", "stablelm2");
        name(plain(SplitPatterns.GPT2), "gpt-2");
        name(plain(SplitPatterns.GPT2).composed(), "mpt", "olmo");
        GgufSplitting digits = plain(SplitPatterns.DIGIT, SplitPatterns.GPT2);
        name(digits, "starcoder", "refact", "smollm", "codeshell");
        name(digits.composed(), "command-r");
        name(
                plain(
                        SplitPatterns.LINE_END,
                        SplitPatterns.DEEPSEEK_LETTERS,
                        SplitPatterns.DEEPSEEK_PUNCTUATION,
                        SplitPatterns.DEEPSEEK_CJK,
                        SplitPatterns.DIGIT),
                "deepseek-coder");
        name(
                plain(
                        SplitPatterns.LINE_END,
                        SplitPatterns.DEEPSEEK_LLM_LETTERS,
                        SplitPatterns.DEEPSEEK_LLM_PUNCTUATION,
                        SplitPatterns.SPACE_AT_LINE_END,
                        SplitPatterns.DEEPSEEK_CJK,
                        SplitPatterns.DIGITS),
                "deepseek-llm");
        name(plain(SplitPatterns.FALCON_PUNCTUATION, SplitPatterns.GPT2, SplitPatterns.THREE_DIGITS), "falcon");
        name(
                plain(
                        SplitPatterns.DEFAULT_PUNCTUATION,
                        SplitPatterns.GPT2,
                        SplitPatterns.DIGITS,
                        SplitPatterns.THREE_DIGITS),
                "default");
    }

    static GgufSplitting of(String name) {
        GgufSplitting splitting = BY_NAME.get(name);
        if (splitting == null) {
            throw new TokenizerException("tokenizer.ggml.pre is " + Vocabulary.quoted(name)
                    + ", which is not known here; known are " + String.join(", ", BY_NAME.keySet()));
        }
        return splitting;
    }

    /** The name of patterns that split one after another; of several, the one whose other habits are these. */
    static Optional<String> name(List<String> patterns, boolean takesWholePieces) {
        List<String> named = BY_NAME.entrySet().stream()
                .filter(entry -> entry.getValue().patterns.stream()
                        .map(PreTokenizerName::unescaped)
                        .toList()
                        .equals(patterns))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(name -> !PREFERRED.contains(name)))
                .toList();
        return named.stream()
                .filter(name -> of(name).takesWholePieces == takesWholePieces)
                .findFirst()
                .or(() -> named.stream().findFirst());
    }

    Normalizer normalizer() {
        return new Normalizer.Sequence(composes ? List.of(new Normalizer.Unicode(Form.NFC)) : List.of());
    }

    PreTokenizer preTokenizer() {
        List<PreTokenizer> steps = new ArrayList<>();
        for (String pattern : patterns) {
            steps.add(new PreTokenizer.Split(TextPattern.Regex.of(pattern), SplitBehavior.ISOLATED, false));
        }
        steps.add(new PreTokenizer.ByteLevel(false, false));
        return new PreTokenizer.Sequence(steps);
    }

    private static GgufSplitting plain(String... patterns) {
        return new GgufSplitting(List.of(patterns), false, false);
    }

    private GgufSplitting composed() {
        return new GgufSplitting(patterns, true, takesWholePieces);
    }

    private static void name(GgufSplitting splitting, String... names) {
        for (String name : names) {
            BY_NAME.put(name, splitting);
        }
    }
}
