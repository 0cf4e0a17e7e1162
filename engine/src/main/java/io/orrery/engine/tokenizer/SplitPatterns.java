package io.orrery.engine.tokenizer;

/** Regular expressions that published tokenizers split by. */
final class SplitPatterns {
    /** openai/gpt-2, src/encoder.py. */
    static final String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private SplitPatterns() {}
}
