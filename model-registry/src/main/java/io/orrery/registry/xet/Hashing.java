package io.orrery.registry.xet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.codec.digest.Blake3;

/**
 * The hashes of chunks, xorbs, files and ranges: BLAKE3 under keys that keep them apart.
 *
 * <p>Source of keys and rules: Hugging Face {@code hub-docs/docs/xet/hashing.md}; of the grouping, xet-core
 * {@code merklehash/src/aggregated_hashes.rs}.
 */
final class Hashing {
    private static final byte[] DATA_KEY = key(
            102, 151, 245, 119, 91, 149, 80, 222, 49, 53, 203, 172, 165, 151, 24, 28, 157, 228, 33, 16, 155, 235, 43,
            88, 180, 208, 176, 75, 147, 173, 242, 41);
    private static final byte[] NODE_KEY = key(
            1, 126, 197, 199, 165, 71, 41, 150, 253, 148, 102, 102, 180, 138, 2, 230, 93, 221, 83, 111, 55, 199, 109,
            210, 248, 99, 82, 230, 74, 83, 113, 63);
    private static final byte[] VERIFICATION_KEY = key(
            127, 24, 87, 214, 206, 86, 237, 102, 18, 127, 249, 19, 231, 165, 195, 243, 164, 205, 38, 213, 181, 219, 73,
            230, 65, 36, 152, 127, 40, 251, 148, 195);
    private static final byte[] FILE_KEY = new byte[XetHash.BYTES];

    /** The hash of nothing. */
    private static final XetHash NOTHING = XetHash.of(new byte[XetHash.BYTES]);

    /** A node ends at a child whose hash is a multiple of this, and has between two and about twice as many children. */
    private static final int MEAN_CHILDREN = 4;

    /** A node of the tree over chunks, or a chunk itself. */
    private record Node(XetHash hash, long length) {}

    private Hashing() {}

    static XetHash chunk(byte[] data, int offset, int length) {
        return keyed(DATA_KEY, data, offset, length);
    }

    /** The root of the tree over chunks. */
    static XetHash xorb(List<Chunk> chunks) {
        if (chunks.isEmpty()) {
            return NOTHING;
        }
        List<Node> level = chunks.stream()
                .map(chunk -> new Node(chunk.hash(), chunk.length()))
                .toList();
        while (level.size() > 1) {
            level = parents(level);
        }
        return level.getFirst().hash();
    }

    static XetHash file(List<Chunk> chunks) {
        return chunks.isEmpty() ? NOTHING : keyed(FILE_KEY, xorb(chunks).bytes());
    }

    /** What proves that the sender of a term had its chunks. */
    static XetHash verification(List<Chunk> chunks) {
        byte[] hashes = new byte[chunks.size() * XetHash.BYTES];
        for (int i = 0; i < chunks.size(); i++) {
            System.arraycopy(chunks.get(i).hash().bytes(), 0, hashes, i * XetHash.BYTES, XetHash.BYTES);
        }
        return keyed(VERIFICATION_KEY, hashes);
    }

    private static List<Node> parents(List<Node> children) {
        List<Node> parents = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < children.size(); i++) {
            int before = i - first;
            boolean cut = before == 2 * MEAN_CHILDREN || (before >= 2 && isCut(children.get(i)));
            if (cut || i == children.size() - 1) {
                parents.add(parent(children.subList(first, i + 1)));
                first = i + 1;
            }
        }
        return parents;
    }

    private static boolean isCut(Node node) {
        return Character.digit(node.hash().hex().charAt(63), 16) % MEAN_CHILDREN == 0;
    }

    private static Node parent(List<Node> children) {
        StringBuilder lines = new StringBuilder();
        long length = 0;
        for (Node child : children) {
            lines.append(child.hash().hex())
                    .append(" : ")
                    .append(child.length())
                    .append('\n');
            length += child.length();
        }
        return new Node(keyed(NODE_KEY, lines.toString().getBytes(StandardCharsets.US_ASCII)), length);
    }

    private static XetHash keyed(byte[] key, byte[] data) {
        return keyed(key, data, 0, data.length);
    }

    private static XetHash keyed(byte[] key, byte[] data, int offset, int length) {
        byte[] hash = new byte[XetHash.BYTES];
        Blake3.initKeyedHash(key).update(data, offset, length).doFinalize(hash);
        return XetHash.of(hash);
    }

    private static byte[] key(int... bytes) {
        byte[] key = new byte[XetHash.BYTES];
        for (int i = 0; i < bytes.length; i++) {
            key[i] = (byte) bytes[i];
        }
        return key;
    }
}
