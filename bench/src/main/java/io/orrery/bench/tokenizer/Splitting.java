package io.orrery.bench.tokenizer;

/** The {@code pre_tokenizer} of published tokenizer.json files: Qwen/Qwen2-7B, meta-llama/Meta-Llama-3-8B and others. */
final class Splitting {
    private static final String BYTES =
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":%s}";
    private static final String SPLIT =
            "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":"
                    + "\"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|%s| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*"
                    + "|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+\"},\"behavior\":\"Isolated\",\"invert\":false},"
                    + BYTES.formatted("false") + "]}";

    private Splitting() {}

    static String of(String family) {
        return switch (family) {
            case "gpt2" -> BYTES.formatted("true");
            case "llama3" -> SPLIT.formatted("\\\\p{N}{1,3}");
            case "qwen2" -> SPLIT.formatted("\\\\p{N}");
            case "starcoder" ->
                "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\",\"individual_digits\":true},"
                        + BYTES.formatted("true") + "]}";
            default -> throw new IllegalArgumentException("no splitting of " + family);
        };
    }
}
