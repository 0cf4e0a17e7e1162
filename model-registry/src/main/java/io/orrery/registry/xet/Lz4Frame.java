package io.orrery.registry.xet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decompresses an LZ4 frame of known length. Blocks may refer to those before them, as clients write them and the usual Java library
 * does not read them; checksums are passed over, since a chunk's hash says more.
 *
 * <p>Source: LZ4 {@code doc/lz4_Frame_format.md} 1.6.3 and {@code doc/lz4_Block_format.md}.
 */
final class Lz4Frame {
    private static final int MAGIC = 0x184D2204;
    private static final int VERSION = 1;
    private static final int STORED = 0x80000000;
    private static final int LEAST_MATCH = 4;

    private final ByteBuffer in;
    private final byte[] out;
    private int at;

    private Lz4Frame(ByteBuffer in, int length) {
        this.in = in;
        this.out = new byte[length];
    }

    /** @throws BrokenXetException where the bytes are no frame, or one of another length */
    static byte[] decompress(byte[] frame, int offset, int count, int length) {
        Lz4Frame decoder = new Lz4Frame(ByteBuffer.wrap(frame, offset, count).order(ByteOrder.LITTLE_ENDIAN), length);
        try {
            decoder.blocks(decoder.descriptor());
        } catch (RuntimeException e) {
            throw e instanceof BrokenXetException broken
                    ? broken
                    : new BrokenXetException("a chunk's LZ4 frame is cut off or damaged at byte "
                            + (decoder.in.position() - offset) + ", after " + decoder.at + " of " + length + " bytes");
        }
        if (decoder.at != length) {
            throw new BrokenXetException("a chunk of " + length + " bytes decompresses to " + decoder.at);
        }
        return decoder.out;
    }

    /** Whether a checksum follows each block. */
    private boolean descriptor() {
        int magic = in.getInt();
        int flags = in.get();
        if (magic != MAGIC || (flags >> 6 & 3) != VERSION) {
            throw new BrokenXetException("a chunk is said to be an LZ4 frame, but does not begin as one");
        }
        in.get();
        boolean hasContentSize = (flags & 8) != 0;
        boolean hasDictionary = (flags & 1) != 0;
        in.position(in.position() + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1);
        return (flags & 16) != 0;
    }

    private void blocks(boolean hasChecksums) {
        for (int size = in.getInt(); size != 0; size = in.getInt()) {
            int count = size & ~STORED;
            int end = in.position() + count;
            if (count > in.remaining()) {
                throw new BrokenXetException("a chunk's LZ4 block has " + count + " bytes, more than are left");
            }
            if ((size & STORED) != 0) {
                literals(count);
            } else {
                block(end);
            }
            in.position(end + (hasChecksums ? 4 : 0));
        }
    }

    private void block(int end) {
        while (in.position() < end) {
            int token = in.get() & 0xff;
            literals(extended(token >> 4));
            if (in.position() < end) {
                int distance = in.getShort() & 0xffff;
                match(distance, extended(token & 15) + LEAST_MATCH);
            }
        }
    }

    private int extended(int length) {
        int sum = length;
        if (length == 15) {
            int more = 255;
            while (more == 255) {
                more = in.get() & 0xff;
                sum = Math.addExact(sum, more);
            }
        }
        return sum;
    }

    private void literals(int count) {
        in.get(out, at, count);
        at += count;
    }

    /** A match may reach into what it writes, which then repeats. */
    private void match(int distance, int count) {
        if (distance == 0 || distance > at || count > out.length - at) {
            throw new BrokenXetException("a chunk's LZ4 block refers " + distance + " bytes back at byte " + at
                    + ", for " + count + " of " + out.length);
        }
        if (distance >= count) {
            System.arraycopy(out, at - distance, out, at, count);
        } else {
            for (int i = at; i < at + count; i++) {
                out[i] = out[i - distance];
            }
        }
        at += count;
    }
}
