package io.orrery.registry.xet;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Shows a xorb to its parser while it is received. */
final class ParsedStream extends FilterInputStream {
    private final XorbParser parser;
    private long received;

    ParsedStream(InputStream in, XorbParser parser) {
        super(in);
        this.parser = parser;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            received += count;
            if (received > Xorb.MOST_BYTES) {
                throw new BrokenXetException("it has more than " + Xorb.MOST_BYTES + " bytes");
            }
            parser.accept(buffer, offset, count);
        }
        return count;
    }
}
