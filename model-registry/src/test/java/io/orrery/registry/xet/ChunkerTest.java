package io.orrery.registry.xet;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.registry.NodePackages;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkerTest {
    /** Random bytes are cut by themselves, and those that never change at the greatest length. */
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "8191, 1", "70000, 1", "3000000, 1", "1000003, 7", "600000, 100000", "131072, 131072"})
    void chunksAndHashesAreThoseOfTheHubsOwnPackage(int length, int step) throws Exception {
        NodePackages.requireInstalled();
        NodePackages.Outcome theirs =
                NodePackages.script("chunks.mjs", Integer.toString(length), Integer.toString(step));
        assertThat(theirs.code()).as(theirs.output()).isZero();

        List<Chunk> chunks = cut(bytes(length, step), 100_000);
        List<String> ours = new ArrayList<>();
        chunks.forEach(chunk -> ours.add(chunk.hash().hex() + " " + chunk.length()));
        ours.add(Hashing.xorb(chunks).hex());
        ours.add(Hashing.file(chunks).hex());
        ours.add(Hashing.verification(chunks).hex());
        assertThat(ours).containsExactlyElementsOf(theirs.output().lines().toList());
    }

    @Test
    void thePiecesInWhichBytesComeDoNotMatter() {
        byte[] bytes = bytes(1_000_000, 1);
        List<Chunk> whole = cut(bytes, bytes.length);
        for (int piece : new int[] {1, 63, 8127, 8128, 131_073}) {
            assertThat(cut(bytes, piece)).as("pieces of %s", piece).isEqualTo(whole);
        }
        assertThat(whole.stream().mapToInt(Chunk::length).sum()).isEqualTo(bytes.length);
    }

    @Test
    void aChangeMovesOnlyTheCutsBesideIt() {
        byte[] bytes = bytes(2_000_000, 1);
        byte[] changed = bytes.clone();
        changed[1_000_000] ^= 1;
        List<Chunk> before = cut(bytes, bytes.length);
        List<Chunk> after = new ArrayList<>(cut(changed, bytes.length));
        after.removeAll(before);
        assertThat(after).hasSizeBetween(1, 3);
    }

    private static List<Chunk> cut(byte[] bytes, int piece) {
        Chunker chunker = new Chunker();
        List<Chunk> chunks = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += piece) {
            chunker.update(bytes, at, Math.min(piece, bytes.length - at), chunks::add);
        }
        chunker.finish(chunks::add);
        return chunks;
    }

    /** The bytes that the script makes. */
    static byte[] bytes(int length, int step) {
        byte[] bytes = new byte[length];
        int x = 1;
        for (int i = 0; i < length; i++) {
            x = x * 1103515245 + 12345;
            bytes[i] = i % step == 0 ? (byte) (x >>> 16) : bytes[i - 1];
        }
        return bytes;
    }
}
