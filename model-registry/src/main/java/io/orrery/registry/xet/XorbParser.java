package io.orrery.registry.xet;

import io.orrery.registry.xet.Xorb.Piece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes a xorb apart as its bytes come; one chunk is in memory at a time. Confined to one thread. */
final class XorbParser {
    /** Older clients send an index after the chunks; what it says is known from them. */
    private static final byte[] FOOTER = "XETBLOB".getBytes(StandardCharsets.US_ASCII);

    private final List<Piece> pieces = new ArrayList<>();
    private byte[] pending = new byte[ChunkCodec.HEADER + Chunker.LONGEST];
    private int filled;
    private boolean inFooter;

    void accept(byte[] data, int offset, int count) {
        int at = offset;
        int end = offset + count;
        while (at < end && !inFooter) {
            int wanted = wanted();
            int taken = Math.min(wanted - filled, end - at);
            System.arraycopy(data, at, pending, filled, taken);
            filled += taken;
            at += taken;
            if (filled == wanted()) {
                complete();
            }
        }
    }

    /** Bytes of the header, and once it is there of the chunk behind it too. */
    private int wanted() {
        if (filled < ChunkCodec.HEADER || isFooter()) {
            return ChunkCodec.HEADER;
        }
        int wanted = ChunkCodec.HEADER + ChunkCodec.header(pending, 0).stored();
        if (wanted > pending.length) {
            pending = Arrays.copyOf(pending, wanted);
        }
        return wanted;
    }

    private boolean isFooter() {
        return Arrays.equals(pending, 0, FOOTER.length, FOOTER, 0, FOOTER.length);
    }

    private void complete() {
        if (isFooter()) {
            inFooter = true;
            return;
        }
        if (pieces.size() == Xorb.MOST_CHUNKS) {
            throw new BrokenXetException("the xorb has more than " + Xorb.MOST_CHUNKS + " chunks");
        }
        byte[] chunk = ChunkCodec.decode(ChunkCodec.header(pending, 0), pending, ChunkCodec.HEADER);
        pieces.add(new Piece(new Chunk(Hashing.chunk(chunk, 0, chunk.length), chunk.length), filled));
        filled = 0;
    }

    /** The chunks. @throws BrokenXetException where the last one is cut off, or there is none */
    List<Piece> finish() {
        if (filled > 0 && !inFooter) {
            throw new BrokenXetException("the xorb ends inside its chunk " + pieces.size());
        }
        if (pieces.isEmpty()) {
            throw new BrokenXetException("the xorb has no chunk");
        }
        return List.copyOf(pieces);
    }
}
