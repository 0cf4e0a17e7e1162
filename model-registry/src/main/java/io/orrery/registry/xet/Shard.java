package io.orrery.registry.xet;

import io.orrery.registry.blob.Sha256;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a client says of contents that it uploaded: of which chunks of which xorbs they are made. Also what it says of the xorbs, which is
 * known here better and passed over.
 *
 * <p>Source: Hugging Face {@code hub-docs/docs/xet/shard.md}; xet-core {@code mdb_shard/src/shard_format.rs}.
 */
record Shard(List<FileEntry> files) {
    private static final byte[] TAG =
            HexFormat.of().parseHex("48465265706f4d6574614461746100556967456a7b815783a5bdd95ccdd14aa9");
    private static final int VERSION = 2;
    private static final int FOOTER_VERSION = 1;
    private static final int FOOTER = 200;
    private static final int HEADER = 48;
    private static final int ENTRY = 48;
    private static final long WITH_VERIFICATION = 0x80000000L;
    private static final long WITH_METADATA = 0x40000000L;
    private static final int MOST_TERMS = 1 << 20;

    /**
     * A content.
     *
     * @param verifications one for each term, or none
     */
    record FileEntry(XetHash hash, List<Term> terms, List<XetHash> verifications, Optional<Sha256> sha256) {
        FileEntry {
            terms = List.copyOf(terms);
            verifications = List.copyOf(verifications);
        }
    }

    Shard {
        files = List.copyOf(files);
    }

    /** @throws BrokenXetException in a sentence where the bytes are no shard */
    static Shard parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            byte[] tag = new byte[TAG.length];
            in.get(tag);
            long version = in.getLong();
            if (!Arrays.equals(tag, TAG) || version != VERSION) {
                throw new BrokenXetException("the shard does not begin as one of version " + VERSION);
            }
            in.getLong();
            List<FileEntry> files = new ArrayList<>();
            for (Optional<FileEntry> file = file(in); file.isPresent(); file = file(in)) {
                files.add(file.get());
            }
            return new Shard(files);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new BrokenXetException("the shard ends inside what it says of a file, at byte " + in.position());
        }
    }

    /** The next file; nothing at the bookend. */
    private static Optional<FileEntry> file(ByteBuffer in) {
        XetHash hash = XetHash.read(in);
        long flags = Integer.toUnsignedLong(in.getInt());
        int count = in.getInt();
        in.getLong();
        if (hash.hex().equals("f".repeat(64))) {
            return Optional.empty();
        }
        if (count < 0 || count > MOST_TERMS || (long) count * ENTRY > in.remaining()) {
            throw new BrokenXetException("the shard announces " + Integer.toUnsignedString(count)
                    + " terms of a file, more than fit its " + in.remaining() + " bytes that are left");
        }
        List<Term> terms = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            terms.add(term(in));
        }
        List<XetHash> verifications = new ArrayList<>();
        for (int i = 0; (flags & WITH_VERIFICATION) != 0 && i < count; i++) {
            verifications.add(XetHash.read(in));
            in.position(in.position() + ENTRY - XetHash.BYTES);
        }
        Optional<Sha256> sha256 = Optional.empty();
        if ((flags & WITH_METADATA) != 0) {
            sha256 = Optional.of(new Sha256(XetHash.read(in).hex()));
            in.position(in.position() + ENTRY - XetHash.BYTES);
        }
        return Optional.of(new FileEntry(hash, terms, verifications, sha256));
    }

    private static Term term(ByteBuffer in) {
        XetHash xorb = XetHash.read(in);
        in.getInt();
        in.getInt();
        return new Term(xorb, in.getInt(), in.getInt());
    }

    /** A shard that tells of xorbs, with nothing about files: the answer to who asks for a chunk. */
    static byte[] describing(List<Xorb> xorbs) {
        int rows = xorbs.stream().mapToInt(xorb -> 1 + xorb.pieces().size()).sum();
        int xorbsAt = HEADER + ENTRY;
        int footerAt = xorbsAt + (rows + 1) * ENTRY;
        ByteBuffer out = ByteBuffer.allocate(footerAt + FOOTER).order(ByteOrder.LITTLE_ENDIAN);
        out.put(TAG).putLong(VERSION).putLong(FOOTER);
        bookend(out);
        xorbs.forEach(xorb -> describe(xorb, out));
        bookend(out);
        out.putLong(FOOTER_VERSION).putLong(HEADER).putLong(xorbsAt);
        // no tables to look things up in: each begins, and ends, at the footer
        for (int table = 0; table < 3; table++) {
            out.putLong(footerAt).putLong(0);
        }
        out.position(footerAt + FOOTER - Long.BYTES);
        out.putLong(footerAt);
        return out.array();
    }

    private static void describe(Xorb xorb, ByteBuffer out) {
        int count = xorb.pieces().size();
        out.put(xorb.hash().bytes()).putInt(0).putInt(count);
        out.putInt((int) xorb.lengthBefore(count)).putInt((int) xorb.storedBefore(count));
        int offset = 0;
        for (Xorb.Piece piece : xorb.pieces()) {
            out.put(piece.chunk().hash().bytes());
            out.putInt(offset).putInt(piece.chunk().length()).putLong(0);
            offset += piece.chunk().length();
        }
    }

    private static void bookend(ByteBuffer out) {
        for (int i = 0; i < XetHash.BYTES; i++) {
            out.put((byte) 0xff);
        }
        out.position(out.position() + ENTRY - XetHash.BYTES);
    }
}
