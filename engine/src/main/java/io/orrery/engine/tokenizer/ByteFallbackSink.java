package io.orrery.engine.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gathers neighbouring byte tokens into text. Bytes that are not UTF-8 as a whole become one U+FFFD each, so none is certain
 * before another token follows (tokenizers, decoders/byte_fallback.rs).
 */
final class ByteFallbackSink extends WholeTokens {
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");

    private final DecodeSink to;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ByteFallbackSink(DecodeSink to) {
        this.to = to;
    }

    @Override
    void token(String text) {
        Matcher matcher = BYTE.matcher(text);
        if (matcher.matches()) {
            bytes.write(Integer.parseInt(matcher.group(1), 16));
        } else {
            flush();
            to.take(text, true, true);
        }
    }

    @Override
    public void end() {
        flush();
        to.end();
    }

    private void flush() {
        if (bytes.size() > 0) {
            try {
                to.take(
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes.toByteArray()))
                                .toString(),
                        true,
                        true);
            } catch (CharacterCodingException wrong) {
                for (int i = 0; i < bytes.size(); i++) {
                    to.take("\uFFFD", true, true);
                }
            }
            bytes.reset();
        }
    }
}
