package io.orrery.registry.blob;

import java.io.IOException;
import java.io.OutputStream;

/** A content that is in memory. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BytesContent(byte[] bytes) implements Content {
    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public void copy(long from, long length, OutputStream out) throws IOException {
        try {
            out.write(bytes, Math.toIntExact(from), Math.toIntExact(length));
        } catch (IOException e) {
            throw new ReceiverGoneException(e);
        }
    }
}
