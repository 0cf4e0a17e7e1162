package io.orrery.engine.checkpoint;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** Tells whether bytes are UTF-8 (RFC 3629) without building the text. Confined to one thread. */
public final class Utf8 {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer decoded = CharBuffer.allocate(4096);

    /** The first byte, counted from the buffer's position, that is part of no character. */
    public OptionalInt firstBrokenByte(ByteBuffer bytes) {
        int start = bytes.position();
        decoder.reset();
        CoderResult result;
        do {
            decoded.clear();
            result = decoder.decode(bytes, decoded, true);
        } while (result.isOverflow());
        return result.isError() ? OptionalInt.of(bytes.position() - start) : OptionalInt.empty();
    }
}
