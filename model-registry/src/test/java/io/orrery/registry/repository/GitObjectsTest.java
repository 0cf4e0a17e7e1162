package io.orrery.registry.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.registry.blob.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The hashes were taken from git 2.39: write-tree and ls-tree over the same files. */
class GitObjectsTest {
    private static final String HELLO = "ce013625030ba8dba906f756967f9e9ca394464a";
    private static final String FOLDER = "da981995a0f17908b3f6795c1e0c28a7e96b8a11";

    @Test
    void blobsHaveGitsHash() {
        assertThat(GitObjects.blobOid("hello\n".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(HELLO);
        assertThat(GitObjects.blobOid(new byte[0])).isEqualTo("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    }

    @Test
    void treesHaveGitsOrderAndHash() {
        GitTree root = GitTree.of(List.of(
                new GitTree.Entry("d", true, FOLDER),
                new GitTree.Entry("d.c", false, "e25f1814e51579d5f55c0f1fe0135ddb28a47f4a"),
                new GitTree.Entry("a.txt", false, HELLO)));
        assertThat(root.entries()).extracting(GitTree.Entry::name).containsExactly("a.txt", "d.c", "d");
        assertThat(GitObjects.treeOid(root.encode())).isEqualTo("b1415f5aae3e888b0e17f5dff9ee92ac0e7cfd11");
        assertThat(GitTree.decode(root.encode()).entries()).isEqualTo(root.entries());
    }

    @Test
    void theSameCommitHasTheSameName() {
        Instant at = Instant.ofEpochSecond(1_700_000_000);
        String first = GitObjects.commitOid(FOLDER, Optional.empty(), "alice", at, "title");
        assertThat(first).matches("[0-9a-f]{40}");
        assertThat(GitObjects.commitOid(FOLDER, Optional.empty(), "alice", at, "title"))
                .isEqualTo(first);
        assertThat(GitObjects.commitOid(FOLDER, Optional.of(first), "alice", at, "title"))
                .isNotEqualTo(first);
    }

    @Test
    void aPointerIsReadBack() {
        GitBlob blob = GitBlob.lfs(Sha256.of(new byte[] {1, 2}), 2);
        assertThat(new String(blob.pointer(), StandardCharsets.UTF_8))
                .isEqualTo("version https://git-lfs.github.com/spec/v1\noid sha256:" + blob.contentId() + "\nsize 2\n");
        assertThat(GitBlob.parsePointer(blob.pointer())).contains(blob);
        assertThat(GitBlob.parsePointer("version 1".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }
}
