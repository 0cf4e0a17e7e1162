package io.orrery.registry.xet;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.registry.RunningRegistry;
import io.orrery.registry.Tokens;
import io.orrery.registry.blob.Sha256;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What stock clients do not do, and must not get away with. */
class XetRoutesTest extends RunningRegistry {
    private static final List<byte[]> CHUNKS = List.of(chunk('a', 9000), chunk('b', 20_000), chunk('c', 300));
    private static final byte[] XORB = ShardWriter.xorb(CHUNKS);
    private static final List<Chunk> LISTED = ShardWriter.chunks(CHUNKS);
    private static final XetHash HASH = Hashing.xorb(LISTED);

    private String writer = "";

    @BeforeEach
    void repositories() {
        alice().createRepo(RepoType.MODEL, "lab/xet", false, true);
        alice().createRepo(RepoType.MODEL, "lab/secret", true, true);
        writer = casToken("alice", "lab/xet", "write");
    }

    @Test
    void aXorbIsTakenOnceAndOnlyUnderItsOwnName() {
        assertThat(postXorb(writer, HASH.hex(), XORB).statusCode()).isEqualTo(200);
        assertThat(postXorb(writer, HASH.hex(), XORB).body()).isEqualTo("{\"was_inserted\":false}");
        HttpResponse<String> wrong = postXorb(writer, "0".repeat(64), XORB);
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("The xorb is " + HASH.hex() + ", not 0000");
    }

    @Test
    void bytesThatAreNoXorbAreRefusedInASentence() {
        byte[] cut = Arrays.copyOf(XORB, XORB.length - 5);
        assertThat(postXorb(writer, HASH.hex(), cut).body()).contains("ends inside its chunk 2");
        byte[] long_ = XORB.clone();
        long_[7] = (byte) 0xff;
        assertThat(postXorb(writer, HASH.hex(), long_).body()).contains("from 1 to 131072 are allowed");
        byte[] compressed = XORB.clone();
        compressed[4] = 1;
        assertThat(postXorb(writer, HASH.hex(), compressed).body()).contains("does not begin as one");
        assertThat(postXorb(writer, HASH.hex(), new byte[0]).statusCode()).isEqualTo(400);
        assertThat(postXorb(writer, "none", XORB).statusCode()).isEqualTo(400);
    }

    @Test
    void aContentIsRegisteredOnlyWhenItIsWhatTheShardSays() {
        postXorb(writer, HASH.hex(), XORB);
        byte[] content = join(CHUNKS);
        List<Term> terms = List.of(new Term(HASH, 0, 3));
        XetHash file = Hashing.file(LISTED);
        String sha256 = Sha256.of(content).hex();

        assertThat(postShard(writer, ShardWriter.shard(file, terms, "1".repeat(64)))
                        .body())
                .contains("has the sha256 " + sha256 + ", not the announced 1111");
        assertThat(postShard(writer, ShardWriter.shard(HASH, terms, sha256)).body())
                .contains("make the file");
        assertThat(postShard(writer, ShardWriter.shard(file, List.of(new Term(HASH, 0, 4)), sha256))
                        .body())
                .contains("names chunks 0 to 4");
        assertThat(postShard(writer, ShardWriter.shard(file, List.of(new Term(file, 0, 1)), sha256))
                        .body())
                .contains("was not uploaded");
        assertThat(postShard(writer, "nonsense".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);

        assertThat(postShard(writer, ShardWriter.shard(file, terms, sha256)).body())
                .isEqualTo("{\"result\":1}");
        HttpResponse<String> commit =
                call("POST", "/api/models/lab/xet/commit/main", """
                    {"key":"header","value":{"summary":"by Xet"}}
                    {"key":"lfsFile","value":{"path":"w.bin","algo":"sha256","oid":"%s","size":%d}}
                    """.formatted(sha256, content.length));
        assertThat(commit.statusCode()).isEqualTo(200);
        HttpResponse<String> part = get("/lab/xet/resolve/main/w.bin", "Range", "bytes=8998-9002");
        assertThat(part.body()).isEqualTo("aabbb");
        assertThat(header(part, "X-Xet-Hash")).isEqualTo(file.hex());
    }

    @Test
    void aReconstructionHoldsNoMoreThanTheRange() {
        register("lab/xet", writer);
        String reader = casToken("alice", "lab/xet", "read");
        String path = "/cas/v2/reconstructions/" + Hashing.file(LISTED).hex();
        JsonNode part = json(callAs(reader, "GET", path, "", "Range", "bytes=9100-9200"));
        assertThat(part.path("offset_into_first_range").asInt()).isEqualTo(100);
        assertThat(part.at("/terms/0/range").toString()).contains("\"start\":1").contains("\"end\":2");
        String url = part.at("/xorbs/" + HASH.hex() + "/0/url").asString();
        String address = url.substring(url.indexOf("/cas/"));
        assertThat(callAs("", "GET", address, "", "Range", "bytes=9008-9012").statusCode())
                .isEqualTo(206);
        assertThat(callAs("", "GET", address, "", "Range", "bytes=0-12").statusCode())
                .isEqualTo(403);
        assertThat(callAs("", "GET", address.replaceAll("token=.*", "token=x"), "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(callAs(reader, "GET", path, "", "Range", "bytes=99999999-").statusCode())
                .isEqualTo(416);
        JsonNode first = json(callAs(reader, "GET", path.replace("v2", "v1"), ""));
        assertThat(first.at("/fetch_info/" + HASH.hex() + "/0/url_range/start").asInt(-1))
                .isZero();
    }

    @Test
    void chunksOfOthersPrivateRepositoriesAreNeitherToldNorGiven() {
        String secret = casToken("alice", "lab/secret", "write");
        List<byte[]> chunks = List.of(chunk('s', 12_000), chunk('t', 9000));
        List<Chunk> listed = ShardWriter.chunks(chunks);
        XetHash xorb = Hashing.xorb(listed);
        postXorb(secret, xorb.hex(), ShardWriter.xorb(chunks));
        byte[] shard = ShardWriter.shard(
                Hashing.file(listed),
                List.of(new Term(xorb, 0, 2)),
                Sha256.of(join(chunks)).hex());
        assertThat(postShard(secret, shard).statusCode()).isEqualTo(200);
        String chunk = "/cas/v1/chunks/default/" + listed.getFirst().hash().hex();
        assertThat(callAs(secret, "GET", chunk, "").statusCode()).isEqualTo(200);

        client("bob", Scope.MODELS_READ, Scope.MODELS_WRITE).createRepo(RepoType.MODEL, "bob/own", false, true);
        String bob = json(callAs(
                        Tokens.of("bob", "elsewhere", Scope.MODELS_READ, Scope.MODELS_WRITE),
                        "GET",
                        "/api/models/bob/own/xet-write-token/main",
                        ""))
                .path("accessToken")
                .asString();
        assertThat(callAs(bob, "GET", chunk, "").statusCode()).isEqualTo(404);
        assertThat(postShard(bob, shard).body()).contains("was not uploaded");
        assertThat(callAs(
                                bob,
                                "GET",
                                "/cas/v2/reconstructions/"
                                        + Hashing.file(listed).hex(),
                                "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void anInfoSaysToWhoAsksThatUploadsMayGoOverXet() {
        alice().createRepo(RepoType.MODEL, "xet/enabled", false, true);
        for (String path : List.of("/api/models/xet/enabled/revision/main", "/api/models/xet/enabled")) {
            assertThat(get(path + "?expand=xetEnabled").body()).as(path).contains("\"xetEnabled\":true");
            assertThat(json(get(path)).has("xetEnabled")).as(path).isFalse();
        }
    }

    @Test
    void aTokenIsGoodForWhatItWasGivenForAlone() {
        String reader = casToken("alice", "lab/xet", "read");
        assertThat(postXorb(reader, HASH.hex(), XORB).statusCode()).isEqualTo(403);
        String hubToken = Tokens.of("alice", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE);
        assertThat(postXorb(hubToken, HASH.hex(), XORB).statusCode()).isEqualTo(401);
        assertThat(callAs(writer, "GET", "/api/models/lab/xet", "").statusCode())
                .isEqualTo(401);
        assertThat(callAs("", "POST", "/cas/v1/shards", "").statusCode()).isEqualTo(401);
        assertThat(callAs(writer, "POST", "/cas/v2/shards", "").statusCode()).isEqualTo(404);
    }

    @Test
    void whatCameWholeNeedNotBeSentAgain() throws Exception {
        byte[] base = ChunkerTest.bytes(400_000, 1);
        alice().commit(new io.orrery.hub.CommitRequest(
                RepoType.MODEL, "lab/xet", "main", "a base", List.of(io.orrery.hub.Upload.bytes("base.bin", base))));
        Chunker chunker = new Chunker();
        java.util.ArrayList<Chunk> chunks = new java.util.ArrayList<>();
        chunker.update(base, 0, base.length, chunks::add);
        chunker.finish(chunks::add);
        String chunk = "/cas/v1/chunks/default/" + chunks.getFirst().hash().hex();
        for (int i = 0; i < 100 && callAs(writer, "GET", chunk, "").statusCode() != 200; i++) {
            Thread.sleep(100);
        }
        XetHash whole = Hashing.xorb(chunks);
        List<Term> terms = List.of(new Term(whole, 0, chunks.size()), new Term(HASH, 2, 3));
        postXorb(writer, HASH.hex(), XORB);
        java.util.ArrayList<Chunk> all = new java.util.ArrayList<>(chunks);
        all.add(LISTED.get(2));
        byte[] longer = join(List.of(base, CHUNKS.get(2)));
        assertThat(postShard(
                                writer,
                                ShardWriter.shard(
                                        Hashing.file(all),
                                        terms,
                                        Sha256.of(longer).hex()))
                        .statusCode())
                .isEqualTo(200);
    }

    private void register(String repo, String token) {
        postXorb(token, HASH.hex(), XORB);
        String sha256 = Sha256.of(join(CHUNKS)).hex();
        assertThat(postShard(token, ShardWriter.shard(Hashing.file(LISTED), List.of(new Term(HASH, 0, 3)), sha256))
                        .statusCode())
                .isEqualTo(200);
    }

    private String casToken(String caller, String repo, String kind) {
        HttpResponse<String> answer = callAs(
                Tokens.of(caller, "lab", Scope.MODELS_READ, Scope.MODELS_WRITE),
                "GET",
                "/api/models/" + repo + "/xet-" + kind + "-token/main",
                "");
        assertThat(header(answer, "X-Xet-Access-Token"))
                .isEqualTo(json(answer).path("accessToken").asString());
        assertThat(json(answer).path("casUrl").asString()).isEqualTo(url("/cas"));
        return json(answer).path("accessToken").asString();
    }

    private HttpResponse<String> postXorb(String token, String hash, byte[] xorb) {
        return post(token, "/cas/v1/xorbs/default/" + hash, xorb);
    }

    private HttpResponse<String> postShard(String token, byte[] shard) {
        return post(token, "/cas/v1/shards", shard);
    }

    private static byte[] chunk(char letter, int length) {
        byte[] chunk = new byte[length];
        Arrays.fill(chunk, (byte) letter);
        return chunk;
    }

    private static byte[] join(List<byte[]> chunks) {
        byte[] all = new byte[chunks.stream().mapToInt(chunk -> chunk.length).sum()];
        int at = 0;
        for (byte[] chunk : chunks) {
            System.arraycopy(chunk, 0, all, at, chunk.length);
            at += chunk.length;
        }
        return all;
    }
}
