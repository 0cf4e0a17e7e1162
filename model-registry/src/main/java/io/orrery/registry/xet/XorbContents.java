package io.orrery.registry.xet;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.ReceiverGoneException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Reads xorbs: their bytes as clients take them apart, and the contents' bytes that they stand for. */
@Component
class XorbContents {
    /** What is read of a xorb at a time. */
    private static final int PIECE = 1 << 20;

    /** Asked late: the contents' sources are made of this. */
    private final ObjectProvider<Contents> contents;

    XorbContents(ObjectProvider<Contents> contents) {
        this.contents = contents;
    }

    /** Bytes of a xorb, headers included. */
    void copyStored(Xorb xorb, long from, long length, OutputStream out) throws IOException {
        switch (xorb.kept()) {
            case Xorb.Kept.Apart apart ->
                contents.getObject().open(apart.content()).copy(from, length, out);
            case Xorb.Kept.Within within -> {
                Content content = contents.getObject().open(within.content());
                long at = 0;
                long contentAt = within.offset();
                for (Xorb.Piece piece : xorb.pieces()) {
                    copyRaw(content, contentAt, piece, at, from, from + length, out);
                    at += piece.stored();
                    contentAt += piece.chunk().length();
                }
            }
        }
    }

    /** What of a chunk's header and bytes lies between two places of its xorb. */
    private static void copyRaw(
            Content content, long contentAt, Xorb.Piece piece, long at, long from, long end, OutputStream out)
            throws IOException {
        long body = at + ChunkCodec.HEADER;
        long headerFrom = Math.max(from, at);
        long headerEnd = Math.min(end, body);
        if (headerFrom < headerEnd) {
            byte[] header = ChunkCodec.rawHeader(piece.chunk().length());
            send(header, (int) (headerFrom - at), (int) (headerEnd - headerFrom), out);
        }
        long bodyFrom = Math.max(from, body);
        long bodyEnd = Math.min(end, at + piece.stored());
        if (bodyFrom < bodyEnd) {
            content.copy(contentAt + bodyFrom - body, bodyEnd - bodyFrom, out);
        }
    }

    /** Bytes of a content, counted from the beginning of one of the xorb's chunks. */
    void copy(Xorb xorb, int firstChunk, long from, long length, OutputStream out) throws IOException {
        switch (xorb.kept()) {
            case Xorb.Kept.Apart apart -> decode(xorb, apart, firstChunk, from, length, out);
            case Xorb.Kept.Within within ->
                contents.getObject()
                        .open(within.content())
                        .copy(within.offset() + xorb.lengthBefore(firstChunk) + from, length, out);
        }
    }

    private void decode(Xorb xorb, Xorb.Kept.Apart apart, int firstChunk, long from, long length, OutputStream out)
            throws IOException {
        Content object = contents.getObject().open(apart.content());
        int chunk = firstChunk;
        long skip = from;
        while (skip >= xorb.pieces().get(chunk).chunk().length()) {
            skip -= xorb.pieces().get(chunk++).chunk().length();
        }
        long storedAt = xorb.storedBefore(chunk);
        long left = length;
        while (left > 0) {
            int end = chunk;
            int bytes = 0;
            for (long covered = -skip; covered < left && bytes < PIECE; end++) {
                covered += xorb.pieces().get(end).chunk().length();
                bytes += xorb.pieces().get(end).stored();
            }
            ByteArrayOutputStream stored = new ByteArrayOutputStream(bytes);
            object.copy(storedAt, bytes, stored);
            storedAt += bytes;
            left -= sendDecoded(stored.toByteArray(), skip, left, out);
            skip = 0;
            chunk = end;
        }
    }

    /** How many bytes were sent of the chunks that stand in a piece. */
    private static long sendDecoded(byte[] stored, long skip, long most, OutputStream out) throws IOException {
        long sent = 0;
        int skipped = (int) skip;
        for (int at = 0; at < stored.length && sent < most; ) {
            ChunkCodec.Header header = ChunkCodec.header(stored, at);
            byte[] chunk = ChunkCodec.decode(header, stored, at + ChunkCodec.HEADER);
            int count = (int) Math.min(chunk.length - skipped, most - sent);
            send(chunk, skipped, count, out);
            sent += count;
            skipped = 0;
            at += ChunkCodec.HEADER + header.stored();
        }
        return sent;
    }

    private static void send(byte[] bytes, int from, int count, OutputStream out) throws IOException {
        try {
            out.write(bytes, from, count);
        } catch (IOException e) {
            throw new ReceiverGoneException(e);
        }
    }
}
