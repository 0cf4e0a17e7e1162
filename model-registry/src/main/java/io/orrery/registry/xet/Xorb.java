package io.orrery.registry.xet;

import io.orrery.registry.blob.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of chunks under one name. What a client uploads is kept as it came; what came whole stands for the chunks that it would be
 * uploaded as, so that nothing is kept twice.
 */
record Xorb(XetHash hash, Kept kept, List<Piece> pieces) {
    static final int MOST_CHUNKS = 8192;
    static final int MOST_BYTES = 64 << 20;

    private static final int ROW = XetHash.BYTES + 2 * Integer.BYTES;

    /** Where its bytes are. */
    sealed interface Kept {
        /** The content that its bytes are in. */
        Sha256 content();

        /** In an object of its own. */
        record Apart(Sha256 content) implements Kept {}

        /** In a whole content, from a byte on, without headers. */
        record Within(Sha256 content, long offset) implements Kept {}
    }

    /**
     * A chunk of it.
     *
     * @param stored bytes in the xorb, header included
     */
    record Piece(Chunk chunk, int stored) {}

    Xorb {
        pieces = List.copyOf(pieces);
    }

    /** Bytes in the xorb before a chunk; behind the last one, its length. */
    long storedBefore(int index) {
        return pieces.subList(0, index).stream().mapToLong(Piece::stored).sum();
    }

    /** Bytes of the contents before a chunk. */
    long lengthBefore(int index) {
        return pieces.subList(0, index).stream()
                .mapToLong(piece -> piece.chunk().length())
                .sum();
    }

    List<Chunk> chunks(int from, int to) {
        return pieces.subList(from, to).stream().map(Piece::chunk).toList();
    }

    /** For each chunk its hash and two lengths. */
    byte[] encodePieces() {
        ByteBuffer rows = ByteBuffer.allocate(pieces.size() * ROW).order(ByteOrder.LITTLE_ENDIAN);
        for (Piece piece : pieces) {
            rows.put(piece.chunk().hash().bytes());
            rows.putInt(piece.stored()).putInt(piece.chunk().length());
        }
        return rows.array();
    }

    static List<Piece> decodePieces(byte[] encoded) {
        ByteBuffer rows = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        List<Piece> pieces = new ArrayList<>(encoded.length / ROW);
        while (rows.hasRemaining()) {
            XetHash hash = XetHash.read(rows);
            int stored = rows.getInt();
            pieces.add(new Piece(new Chunk(hash, rows.getInt()), stored));
        }
        return pieces;
    }
}
