package io.orrery.registry.xet;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.RunningRegistry;
import io.orrery.registry.Tokens;
import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a collection leaves of contents that are made of chunks. */
class XetCollectionTest extends RunningRegistry {
    private static final byte[] EXTRA = ChunkerTest.bytes(9000, 77);

    @Autowired
    JdbcClient jdbc;

    @Test
    void theXorbsOfAContentStayAsLongAsItAndGoWithIt() throws IOException {
        String token = repository("lab/composed");
        byte[] content = ChunkerTest.bytes(30_000, 70);
        XetHash xorb = upload(token, List.of(content));
        register(token, List.of(new Term(xorb, 0, 1)), content);
        commit("lab/composed", content);
        collect();
        assertThat(served("lab/composed")).isEqualTo(Sha256.of(content));
        assertThat(rows("xorb", "hash", xorb.hex())).isOne();

        delete("lab/composed");
        collect();
        assertThat(rows("xorb", "hash", xorb.hex())).isZero();
        assertThat(rows("xet_file", "sha256", Sha256.of(content).hex())).isZero();
        assertThat(rows("content", "sha256", Sha256.of(content).hex())).isZero();
    }

    @Test
    void aXorbThatNoContentNamesGoes() {
        String token = repository("lab/unnamed");
        XetHash xorb = upload(token, List.of(ChunkerTest.bytes(10_000, 71)));
        callAs(admin(), "POST", "/api/admin/collect", "");
        assertThat(rows("xorb", "hash", xorb.hex())).isOne();
        collect();
        assertThat(rows("xorb", "hash", xorb.hex())).isZero();
    }

    @Test
    void aBaseStaysForWhatWasMadeOfIt() throws Exception {
        String token = repository("lab/base");
        String tuner = repository("lab/tuned");
        byte[] base = ChunkerTest.bytes(400_000, 72);
        commit("lab/base", base);
        List<Chunk> chunks = cut(base);
        awaitKnown(token, chunks.getFirst().hash());
        XetHash extra = upload(tuner, List.of(EXTRA));
        byte[] tuned = join(base, EXTRA);
        register(tuner, List.of(new Term(Hashing.xorb(chunks), 0, chunks.size()), new Term(extra, 0, 1)), tuned);
        commit("lab/tuned", tuned);

        delete("lab/base");
        collect();
        assertThat(served("lab/tuned")).isEqualTo(Sha256.of(tuned));
        delete("lab/tuned");
        collect();
        assertThat(rows("content", "sha256", Sha256.of(base).hex())).isZero();
        assertThat(rows("xorb", "hash", extra.hex())).isZero();
        assertThat(rows("xet_chunk", "xorb", Hashing.xorb(chunks).hex())).isZero();
    }

    private String repository(String name) {
        alice().createRepo(RepoType.MODEL, name, false, true);
        return json(callAs(
                        Tokens.of("alice", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE),
                        "GET",
                        "/api/models/" + name + "/xet-write-token/main",
                        ""))
                .path("accessToken")
                .asString();
    }

    private XetHash upload(String token, List<byte[]> chunks) {
        XetHash hash = Hashing.xorb(ShardWriter.chunks(chunks));
        assertThat(post(token, "/cas/v1/xorbs/default/" + hash.hex(), ShardWriter.xorb(chunks))
                        .statusCode())
                .isEqualTo(200);
        return hash;
    }

    private void register(String token, List<Term> terms, byte[] content) {
        List<Chunk> chunks = new ArrayList<>();
        if (terms.size() == 1) {
            chunks.addAll(ShardWriter.chunks(List.of(content)));
        } else {
            chunks.addAll(cut(Arrays.copyOf(content, content.length - EXTRA.length)));
            chunks.addAll(ShardWriter.chunks(List.of(EXTRA)));
        }
        byte[] shard = ShardWriter.shard(
                Hashing.file(chunks), terms, Sha256.of(content).hex());
        assertThat(post(token, "/cas/v1/shards", shard).body()).isEqualTo("{\"result\":1}");
    }

    private void commit(String repo, byte[] content) {
        alice().commit(new CommitRequest(
                RepoType.MODEL, repo, "main", "weights", List.of(Upload.bytes("weights.bin", content))));
    }

    private Sha256 served(String repo) throws IOException {
        try (InputStream in = alice().open(RepoType.MODEL, repo, "main", "weights.bin")) {
            return Sha256.of(in.readAllBytes());
        }
    }

    private void awaitKnown(String token, XetHash chunk) throws InterruptedException {
        String path = "/cas/v1/chunks/default/" + chunk.hex();
        for (int i = 0; i < 100 && callAs(token, "GET", path, "").statusCode() != 200; i++) {
            Thread.sleep(100);
        }
    }

    private void delete(String repo) {
        alice().deleteRepo(RepoType.MODEL, repo);
    }

    private void collect() {
        assertThat(callAs(admin(), "POST", "/api/admin/collect?grace=0s", "").statusCode())
                .isEqualTo(200);
    }

    private static String admin() {
        return Tokens.of("root", "lab", Scope.ADMIN, Scope.MODELS_READ);
    }

    private int rows(String table, String column, String value) {
        return jdbc.sql("select count(*) from " + table + " where " + column + " = :value")
                .param("value", value)
                .query(Integer.class)
                .single();
    }

    private static List<Chunk> cut(byte[] content) {
        List<Chunk> chunks = new ArrayList<>();
        Chunker chunker = new Chunker();
        chunker.update(content, 0, content.length, chunks::add);
        chunker.finish(chunks::add);
        return chunks;
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
