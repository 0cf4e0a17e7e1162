package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoType;
import io.orrery.api.hub.TreeEntry;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.HubException;
import io.orrery.hub.Progress;
import io.orrery.hub.Upload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryRoundTripTest extends RunningRegistry {
    @TempDir
    Path temp;

    @Test
    void whatIsCommittedComesBackBitForBit() throws Exception {
        byte[] weights = new byte[3_000_000];
        new Random(7).nextBytes(weights);
        Path file = Files.write(temp.resolve("weights.bin"), weights);
        CommitRequest request = new CommitRequest(
                        RepoType.MODEL,
                        "lab/tiny",
                        "main",
                        "Add a tiny model",
                        List.of(
                                Upload.file("weights.bin", file),
                                Upload.text(
                                        "config.json",
                                        "{\"model_type\":\"llama\",\"architectures\":[\"LlamaForCausalLM\"]}"),
                                Upload.text("sub/dir/name with spaces, + % # ; & [x] ü 日本.txt", "hello"),
                                Upload.text("empty.txt", "")))
                .creatingRepository();
        CommitResult made = alice().commit(request);
        assertThat(made.commitOid()).matches("[0-9a-f]{40}");
        assertThat(made.commitUrl()).isEqualTo(url("/lab/tiny/commit/" + made.commitOid()));

        Path snapshot = alice().snapshot("lab/tiny", "main", temp.resolve("cache"), Progress.SILENT);
        assertThat(snapshot).isEqualTo(temp.resolve("cache/lab/tiny").resolve(made.commitOid()));
        assertThat(snapshot.resolve("weights.bin")).hasBinaryContent(weights);
        assertThat(snapshot.resolve("sub/dir/name with spaces, + % # ; & [x] ü 日本.txt"))
                .hasContent("hello");
        assertThat(snapshot.resolve("empty.txt")).isEmptyFile();

        RepoInfo info = alice().info("lab/tiny", "main");
        assertThat(info.sha()).isEqualTo(made.commitOid());
        assertThat(info.tags()).contains("transformers", "llama", "text-generation");
        assertThat(alice().tree(RepoType.MODEL, "lab/tiny", "main"))
                .filteredOn(entry -> entry.lfs() != null)
                .extracting(TreeEntry::path)
                .containsExactly("weights.bin");
        assertThat(alice().commit(request)).isEqualTo(made);
        assertThat(alice().list(RepoType.MODEL, "TINY"))
                .extracting(RepoInfo::id)
                .contains("lab/tiny");
        assertThatThrownBy(() -> alice().info("lab/none", "main"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo("RepoNotFound"));
    }
}
