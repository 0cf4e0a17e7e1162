package io.orrery.engine.tokenizer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.orrery.engine.Fuzzed;
import java.nio.charset.StandardCharsets;

/** Any text is a tokenizer or a sentence, and what is a tokenizer encodes and decodes in bounded time. */
class TokenizerJsonFuzzTest {
    private static final String TEXT = "Hello, wörld!  12345 \n\t<s>the</s> 日本語 👩‍🚀 e\u0301 'll '' \u0000";

    @FuzzTest(maxDuration = "60s")
    void anyTextIsATokenizerOrASentence(byte[] bytes) {
        Fuzzed.check(TokenizerException.class, () -> {
            Tokenizer tokenizer = TokenizerJson.parse(new String(bytes, StandardCharsets.UTF_8));
            int[] ids = tokenizer.encode(TEXT, true);
            tokenizer.decode(ids, false);
            tokenizer.encode(TEXT.repeat(50), false);
        });
    }
}
