package io.orrery.registry.xet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;

/** Xorbs and shards as a client writes them. */
final class ShardWriter {
    private ShardWriter() {}

    static byte[] xorb(List<byte[]> chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] chunk : chunks) {
            out.writeBytes(ChunkCodec.rawHeader(chunk.length));
            out.writeBytes(chunk);
        }
        return out.toByteArray();
    }

    static List<Chunk> chunks(List<byte[]> chunks) {
        return chunks.stream()
                .map(chunk -> new Chunk(Hashing.chunk(chunk, 0, chunk.length), chunk.length))
                .toList();
    }

    /** A shard without footer, of one file. */
    static byte[] shard(XetHash file, List<Term> terms, String sha256) {
        ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        out.put(HexFormat.of().parseHex("48465265706f4d6574614461746100556967456a7b815783a5bdd95ccdd14aa9"));
        out.putLong(2).putLong(0);
        out.put(file.bytes()).putInt(0x40000000).putInt(terms.size()).putLong(0);
        for (Term term : terms) {
            out.put(term.xorb().bytes()).putInt(0).putInt(0).putInt(term.from()).putInt(term.to());
        }
        out.put(new XetHash(sha256).bytes()).putLong(0).putLong(0);
        for (int bookend = 0; bookend < 2; bookend++) {
            out.put(HexFormat.of().parseHex("ff".repeat(32))).putLong(0).putLong(0);
        }
        byte[] shard = new byte[out.position()];
        out.flip().get(shard);
        return shard;
    }
}
