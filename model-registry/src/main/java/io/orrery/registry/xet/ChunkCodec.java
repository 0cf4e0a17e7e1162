package io.orrery.registry.xet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A chunk as it stands in a xorb: a version, the length that it has there, how it is compressed, the length that it has in the content,
 * then its bytes: as they are, as an LZ4 frame, or every fourth byte together and then as an LZ4 frame.
 *
 * <p>Source: xet-core {@code cas_object/src/cas_chunk_format.rs}.
 */
final class ChunkCodec {
    static final int HEADER = 8;

    /** A chunk that does not shrink is stored as it is, so that none is much longer than it was. */
    private static final int LONGEST_STORED = 2 * Chunker.LONGEST;

    private static final int RAW = 0;
    private static final int LZ4 = 1;
    private static final int GROUPED_LZ4 = 2;

    /** What stands before a chunk's bytes. */
    record Header(int scheme, int stored, int length) {}

    private ChunkCodec() {}

    /** @throws BrokenXetException where it is not a chunk's header, or one of a chunk that is too long */
    static Header header(byte[] bytes, int at) {
        int version = bytes[at];
        int stored = number(bytes, at + 1);
        int scheme = bytes[at + 4];
        int length = number(bytes, at + 5);
        if (version != 0 || scheme < RAW || scheme > GROUPED_LZ4) {
            throw new BrokenXetException("a chunk has version " + version + " and compression " + scheme
                    + "; version 0 and compressions 0 to 2 are known");
        }
        if (length == 0 || length > Chunker.LONGEST || stored > LONGEST_STORED) {
            throw new BrokenXetException("a chunk has " + length + " bytes, stored as " + stored + "; from 1 to "
                    + Chunker.LONGEST + " are allowed, stored as at most " + LONGEST_STORED);
        }
        return new Header(scheme, stored, length);
    }

    /** The header of a chunk that is stored as it is. */
    static byte[] rawHeader(int length) {
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length << 8)
                .putInt(length << 8 | RAW)
                .array();
    }

    /** A chunk's bytes. @throws BrokenXetException where they are not what the header says */
    static byte[] decode(Header header, byte[] stored, int at) {
        return switch (header.scheme()) {
            case RAW -> raw(header, stored, at);
            case LZ4 -> decompress(header, stored, at);
            default -> ungrouped(decompress(header, stored, at));
        };
    }

    private static byte[] raw(Header header, byte[] stored, int at) {
        if (header.stored() != header.length()) {
            throw new BrokenXetException("a chunk that is not compressed has " + header.length() + " bytes, but "
                    + header.stored() + " are stored");
        }
        byte[] chunk = new byte[header.length()];
        System.arraycopy(stored, at, chunk, 0, chunk.length);
        return chunk;
    }

    private static byte[] decompress(Header header, byte[] stored, int at) {
        return Lz4Frame.decompress(stored, at, header.stored(), header.length());
    }

    /** From first, second, third and fourth bytes, one group after the other. */
    private static byte[] ungrouped(byte[] grouped) {
        byte[] chunk = new byte[grouped.length];
        int from = 0;
        for (int group = 0; group < 4; group++) {
            for (int to = group; to < chunk.length; to += 4) {
                chunk[to] = grouped[from++];
            }
        }
        return chunk;
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16;
    }
}
