package io.orrery.engine.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes to text as they come: an incomplete character is kept, a wrong byte becomes U+FFFD. Confined to one thread. */
final class Utf8Assembler {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] kept = {};

    /** The characters that are complete now. */
    String append(byte[] bytes) {
        return decode(bytes, false);
    }

    /** What is left, as U+FFFD. */
    String end() {
        return decode(new byte[0], true);
    }

    private String decode(byte[] bytes, boolean last) {
        ByteBuffer in = ByteBuffer.allocate(kept.length + bytes.length)
                .put(kept)
                .put(bytes)
                .flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        decoder.decode(in, out, last);
        kept = new byte[in.remaining()];
        in.get(kept);
        return out.flip().toString();
    }
}
