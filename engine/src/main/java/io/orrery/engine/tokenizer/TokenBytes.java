package io.orrery.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bytes that a single token stands for, which may be a part of a character. */
public final class TokenBytes {
    /** A byte that SentencePiece has no piece for (google/sentencepiece, src/sentencepiece_model.proto, byte_fallback). */
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");

    private TokenBytes() {}

    /** UTF-8, or a part of it. */
    public static byte[] of(Tokenizer tokenizer, int id) {
        String text = tokenizer.decode(new int[] {id}, false);
        if (text.indexOf('\uFFFD') < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        String token = tokenizer.token(id);
        Matcher single = BYTE.matcher(token);
        return single.matches()
                ? new byte[] {(byte) Integer.parseInt(single.group(1), 16)}
                : ByteLevelAlphabet.decode(token);
    }
}
