package io.orrery.registry.xet;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import io.orrery.registry.MirroredRegistry;
import io.orrery.registry.Tokens;
import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A base that was mirrored, and what somebody makes of it and sends by Xet. */
class MirroredChunksTest extends MirroredRegistry {
    private static final int SIZE = 600_000;

    private final byte[] base = ChunkerTest.bytes(SIZE, (int) System.nanoTime());
    private final List<Chunk> chunks = cut(base);
    private final String repo = "chunks/" + UUID.randomUUID();

    @Test
    void aFineTuneOverAMirroredBaseStoresTheDifference() throws Exception {
        mirrorTheBase();
        String own = "dora/" + UUID.randomUUID();
        String token = writer("dora", own);
        awaitChunk(token);
        byte[] change = ChunkerTest.bytes(20_000, 5);
        byte[] tuned = Arrays.copyOf(base, SIZE + change.length);
        System.arraycopy(change, 0, tuned, SIZE, change.length);
        long before = storedBytes();

        List<Chunk> added = ShardWriter.chunks(List.of(change));
        XetHash xorb = Hashing.xorb(added);
        assertThat(cas(token, "/cas/v1/xorbs/default/" + xorb.hex(), ShardWriter.xorb(List.of(change)))
                        .statusCode())
                .isEqualTo(200);
        assertThat(register(token, tuned, xorb, added).body()).isEqualTo("{\"result\":1}");
        HttpResponse<String> commit = as("dora", "POST", "/api/models/" + own + "/commit/main", """
            {"key":"header","value":{"summary":"tune"}}
            {"key":"lfsFile","value":{"path":"w.bin","algo":"sha256","oid":"%s","size":%d}}
            """.formatted(
                        Sha256.of(tuned).hex(), tuned.length));
        assertThat(commit.statusCode()).as(commit.body()).isEqualTo(200);

        assertThat(mirrored("/" + own + "/resolve/main/w.bin").body()).isEqualTo(tuned);
        assertThat(storedBytes() - before).isBetween((long) change.length, change.length + 100L);
    }

    @Test
    void chunksOfAGatedBaseAreForThoseWhoWereLetIn() throws Exception {
        mirrorTheBase();
        String insider = writer("dora", "dora/" + UUID.randomUUID());
        awaitChunk(insider);
        mirrorRows()
                .sql("update repo set gated = 'manual' where name = :repo")
                .param("repo", repo)
                .update();
        assertThat(probe(insider).statusCode()).isEqualTo(404);
        assertThat(register(insider, base, Hashing.xorb(chunks), List.of()).body())
                .contains("was not uploaded");
        order("POST", "/api/models/" + repo + "/user-access-request/grant", "{\"user\":\"dora\"}");
        assertThat(probe(insider).statusCode()).isEqualTo(200);
    }

    private void mirrorTheBase() throws IOException {
        publish(repo, Upload.bytes("w.bin", base));
        assertThat(mirrored("/" + repo + "/resolve/main/w.bin").body()).isEqualTo(base);
    }

    /** What lies on disk or in rows of its own, xorbs included, and composed contents not. */
    private static long storedBytes() {
        return mirrorRows()
                .sql("select coalesce(sum(c.size), 0) from content c where not exists"
                        + " (select 1 from xet_file f where f.sha256 = c.sha256 and not f.whole)")
                .query(Long.class)
                .single();
    }

    private HttpResponse<String> register(String token, byte[] content, XetHash xorb, List<Chunk> added)
            throws IOException {
        List<Chunk> all = new ArrayList<>(chunks);
        all.addAll(added);
        List<Term> terms = new ArrayList<>(List.of(new Term(Hashing.xorb(chunks), 0, chunks.size())));
        if (!added.isEmpty()) {
            terms.add(new Term(xorb, 0, added.size()));
        }
        return cas(
                token,
                "/cas/v1/shards",
                ShardWriter.shard(Hashing.file(all), terms, Sha256.of(content).hex()));
    }

    private static String writer(String user, String own) throws IOException {
        assertThat(as(user, "POST", "/api/repos/create", "{\"name\":\"" + own + "\"}")
                        .statusCode())
                .isEqualTo(200);
        return JsonMapper.shared()
                .readTree(as(user, "GET", "/api/models/" + own + "/xet-write-token/main", "")
                        .body())
                .path("accessToken")
                .asString();
    }

    private void awaitChunk(String token) throws IOException {
        for (int i = 0; i < 150 && probe(token).statusCode() != 200; i++) {
            pause();
        }
        assertThat(probe(token).statusCode()).isEqualTo(200);
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> probe(String token) throws IOException {
        String path = "/cas/v1/chunks/default/" + chunks.getFirst().hash().hex();
        return mirrored(path, "Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> cas(String token, String path, byte[] body) throws IOException {
        return send(
                request(path, "Authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> as(String user, String method, String path, String body) throws IOException {
        String token = Tokens.of(user, "readers", Scope.MODELS_READ, Scope.MODELS_WRITE);
        return send(
                request(path, "Authorization", "Bearer " + token)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static List<Chunk> cut(byte[] content) {
        Chunker chunker = new Chunker();
        List<Chunk> chunks = new ArrayList<>();
        chunker.update(content, 0, content.length, chunks::add);
        chunker.finish(chunks::add);
        return chunks;
    }
}
