package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.HubClient;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Room is made among what a mirror has of another hub. */
class EvictionTest extends MirroredRegistry {
    private static final int SIZE = 100_000;

    private final byte[] first = new byte[SIZE];
    private final byte[] second = new byte[SIZE];
    private String repo = "";
    private long before;

    @BeforeEach
    void repository() throws IOException {
        Random random = new Random(UUID.randomUUID().getLeastSignificantBits());
        random.nextBytes(first);
        random.nextBytes(second);
        repo = "evicted/" + UUID.randomUUID();
        publish(
                repo,
                Upload.bytes("first.bin", first),
                Upload.bytes("second.bin", second),
                Upload.text("note.md", "note of " + repo));
        before = evict("0B").path("kept").asLong();
        assertThat(read("first.bin")).isEqualTo(first);
        assertThat(read("second.bin")).isEqualTo(second);
        assertThat(read("note.md")).hasSize(("note of " + repo).length());
        eventually(() -> rows("mirrored_content", first) == 1 && rows("mirrored_content", second) == 1);
        upstream.requests.clear();
    }

    @Test
    void whatWasNotReadForLongestGoesAndIsFetchedAgain() throws Exception {
        later();
        assertThat(read("first.bin")).isEqualTo(first);
        assertThat(evict(before + 2 * SIZE + "B").path("contents").asInt()).isZero();
        JsonNode evicted = evict(before + 2 * SIZE - 1 + "B");
        assertThat(evicted.path("contents").asInt()).isOne();
        assertThat(evicted.path("bytes").asInt()).isEqualTo(SIZE);
        assertThat(evicted.path("kept").asLong()).isEqualTo(before + SIZE);
        assertThat(isHere(second)).isFalse();
        assertThat(read("first.bin")).isEqualTo(first);
        assertThat(upstream.count("/first.bin")).isZero();
        assertThat(read("second.bin")).isEqualTo(second);
        assertThat(read("second.bin")).isEqualTo(second);
        assertThat(upstream.count("/second.bin")).isOne();
        evict("0B");
        read("note.md");
        assertThat(upstream.count("/note.md")).isZero();
    }

    @Test
    void whatWasUsedWithinTheGraceStays() throws Exception {
        assertThat(json(order("POST", "/api/admin/evict?most=0B", ""))
                        .path("contents")
                        .asInt())
                .isZero();
        assertThat(isHere(first)).isTrue();
    }

    @Test
    void whatIsPinnedStays() throws Exception {
        String pin = "{\"repo\":\"" + repo + "\",\"revision\":\"main\"}";
        assertThat(order("POST", "/api/mirror/pins", pin).statusCode()).isEqualTo(200);
        assertThat(evict("0B").path("contents").asInt()).isZero();
        assertThat(read("first.bin")).isEqualTo(first);
        assertThat(order("DELETE", "/api/mirror/pins", pin).statusCode()).isEqualTo(200);
        assertThat(evict("0B").path("contents").asInt()).isEqualTo(2);
        assertThat(isHere(first)).isFalse();
    }

    @Test
    void whatARepositoryOfOursHasTooStays() throws Exception {
        String ours = "ours-" + UUID.randomUUID() + "/model";
        HubClient client = new HubClient(
                URI.create(mirrorUrl("")), () -> Tokens.of("alice", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE));
        client.createRepo(RepoType.MODEL, ours, true, false);
        client.commit(ours, RepoType.MODEL, "main", "Add files", List.of(Upload.bytes("w.bin", second)));
        JsonNode evicted = evict("0B");
        assertThat(evicted.path("contents").asInt()).isOne();
        assertThat(evicted.path("kept").asLong()).isEqualTo(before);
        assertThat(isHere(first)).isFalse();
        assertThat(isHere(second)).isTrue();
        assertThat(json(order("GET", "/api/admin/evict", "")).path("kept").asLong())
                .isEqualTo(before);
    }

    @Test
    void whatWasReadOfAContentStaysTrueWithoutIt() throws Exception {
        mirrorRows()
                .sql("insert into content_facts (sha256, format, finding) values (:sha256, 'GGUF', 'none')")
                .param("sha256", Sha256.of(first).hex())
                .update();
        evict("0B");
        assertThat(isHere(first)).isFalse();
        assertThat(rows("content_facts", first)).isOne();
        assertThat(rows("mirrored_content", first)).isZero();
    }

    private static JsonNode evict(String most) throws IOException {
        return JsonMapper.shared()
                .readTree(order("POST", "/api/admin/evict?grace=0s&most=" + most, "")
                        .body());
    }

    private byte[] read(String path) throws IOException {
        return mirrored("/" + repo + "/resolve/main/" + path).body();
    }

    private static boolean isHere(byte[] content) {
        return rows("content", content) == 1;
    }

    private static int rows(String table, byte[] content) {
        return mirrorRows()
                .sql("select count(*) from " + table + " where sha256 = :sha256")
                .param("sha256", Sha256.of(content).hex())
                .query(Integer.class)
                .single();
    }
}
