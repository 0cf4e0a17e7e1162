package io.orrery.engine.tokenizer;

/** Regular expressions that published tokenizers split by; each is the text of the tokenizer.json it is named after. */
final class SplitPatterns {
    /** openai/gpt-2, src/encoder.py. */
    static final String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    /** meta-llama/Meta-Llama-3-8B; OpenAI's cl100k_base. */
    static final String LLAMA3 = words("\\p{N}{1,3}");

    /** Qwen/Qwen2-7B: as Llama 3, digits one by one. */
    static final String QWEN2 = words("\\p{N}");

    /** mistralai/Mistral-Nemo-Base-2407: words split where capitals begin. */
    static final String TEKKEN =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                    + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    static final String LINE_END = "[\\r\\n]";
    static final String DIGIT = "\\p{N}";
    static final String DIGITS = "\\p{N}+";
    static final String THREE_DIGITS = "[0-9][0-9][0-9]";

    /** tiiuae/falcon-7b: Unicode's and ASCII's punctuation. */
    static final String FALCON_PUNCTUATION = "[\\p{P}\\$\\+<=>\\^~\\|`]+";

    /** llama.cpp, src/llama-vocab.cpp, for files that do not tell. */
    static final String DEFAULT_PUNCTUATION = "[\\p{P}\\$\\+<=>\\^~\\|]+";

    /** deepseek-ai/deepseek-coder-6.7b-base. */
    static final String DEEPSEEK_LETTERS = "\\s?\\p{L}+";

    static final String DEEPSEEK_PUNCTUATION = "\\s?\\p{P}+";
    static final String DEEPSEEK_CJK = "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+";

    /** deepseek-ai/deepseek-llm-7b-base: letters that have cases, as Unicode 11 listed most of them. */
    static final String DEEPSEEK_LLM_LETTERS = "\\s?[A-Za-z\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA"
            + "\\u01BC-\\u01BF\\u01C4-\\u0293\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386"
            + "\\u0388-\\u038A\\u038C\\u038E-\\u03A1\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F\\u0531-\\u0556"
            + "\\u10A0-\\u10C5\\u13A0-\\u13F5\\u13F8-\\u13FD\\u1C90-\\u1CBA\\u1CBD-\\u1CBF\\u1D00-\\u1D2B"
            + "\\u1D6B-\\u1D77\\u1D79-\\u1D9A\\u1E00-\\u1F15\\u1F18-\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D"
            + "\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D\\u1F5F-\\u1F7D\\u1F80-\\u1FB4\\u1FB6-\\u1FBC\\u1FBE"
            + "\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4"
            + "\\u1FF6-\\u1FFC\\u2102\\u2107\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128\\u212A-\\u212D"
            + "\\u212F-\\u2134\\u2139\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184\\u2C00-\\u2C7B"
            + "\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3\\uA640-\\uA66D\\uA680-\\uA69B\\uA722-\\uA76F"
            + "\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF\\uFB00-\\uFB06\\uFB13-\\uFB17\\uFF21-\\uFF3A"
            + "\\uFF41-\\uFF5A\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}"
            + "\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}\\x{1E900}-\\x{1E943}]+";

    static final String DEEPSEEK_LLM_PUNCTUATION =
            "\\s?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]+";

    static final String SPACE_AT_LINE_END = "\\s+$";

    private SplitPatterns() {}

    private static String words(String digits) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }
}
