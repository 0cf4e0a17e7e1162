package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.blob.ContentBatch;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.CommitDraft;
import io.orrery.registry.repository.Commits;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.Caller;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class TreeTest extends RunningRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(TreeTest.class);
    private static final int HISTORY = Integer.getInteger("orrery.test.commits", 150);

    @Autowired
    Repos repos;

    @Autowired
    Commits commits;

    @Autowired
    Contents contents;

    private String repo = "";

    @BeforeEach
    void repository(TestInfo test) {
        repo = "trees/" + test.getTestMethod().orElseThrow().getName();
        alice().createRepo(RepoType.MODEL, repo, false, false);
    }

    @Test
    void pagesOfAnySizeGiveTheWholeTreeInGitsOrder() {
        write("b", "a/x", "a/y/z", "a.txt", "c/d/e/f", "c/d/e/g", "c/d.txt");
        List<String> whole = List.of(
                ".gitattributes",
                "a.txt",
                "a",
                "a/x",
                "a/y",
                "a/y/z",
                "b",
                "c",
                "c/d.txt",
                "c/d",
                "c/d/e",
                "c/d/e/f",
                "c/d/e/g");
        for (int limit = 1; limit < 15; limit++) {
            assertThat(paths("/tree/main?recursive=true&limit=" + limit)).isEqualTo(whole);
        }
        assertThat(paths("/tree/main?limit=2")).containsExactly(".gitattributes", "a.txt", "a", "b", "c");
        assertThat(paths("/tree/main/c%2Fd?limit=1")).containsExactly("c/d/e");
        assertThat(paths("/tree/main/c/d/?recursive=true&limit=2")).containsExactly("c/d/e", "c/d/e/f", "c/d/e/g");
    }

    @Test
    void anItemTellsWhatItIs() {
        write("d/a.txt");
        JsonNode items = json(get("/api/models/" + repo + "/tree/main/d"));
        assertThat(items.toString())
                .isEqualTo("[{\"type\":\"file\",\"oid\":\""
                        + GitBlob.regular("d/a.txt".getBytes(StandardCharsets.UTF_8), sha("d/a.txt"))
                                .oid() + "\",\"size\":7,\"path\":\"d/a.txt\"}]");
        JsonNode folder = json(get("/api/models/" + repo + "/tree/main")).get(1);
        assertThat(folder.path("type").asString()).isEqualTo("directory");
        assertThat(folder.path("size").asInt()).isZero();
        assertThat(folder.path("oid").asString()).matches("[0-9a-f]{40}");
    }

    @Test
    void whatIsNoFolderIsMissing() {
        write("d/a.txt");
        for (String path : List.of("/d/none", "/d/a.txt", "/none", "/d/a.txt/x", "/..", "/d//a.txt", "/%2E%2E")) {
            HttpResponse<String> answer = get("/api/models/" + repo + "/tree/main" + path);
            assertThat(answer.statusCode()).as(path).isIn(400, 404);
            if (answer.statusCode() == 404) {
                assertThat(header(answer, "X-Error-Code")).as(path).isEqualTo("EntryNotFound");
                assertThat(header(answer, "X-Repo-Commit")).as(path).matches("[0-9a-f]{40}");
            }
        }
    }

    @Test
    void aThousandPathsAreOneQuestion() {
        String[] files =
                IntStream.range(0, 990).mapToObj(i -> "d" + i % 7 + "/f & " + i).toArray(String[]::new);
        write(files);
        List<String> asked = new ArrayList<>(List.of(files));
        asked.addAll(List.of("d0", "d1/", "none", "d0/none", "", "..", "d2//", "/d3", "d0/f & 0", "d0/f & 0/x"));
        String form = asked.stream()
                .map(path -> "paths=" + URLEncoder.encode(path, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        List<String> expected = new ArrayList<>(List.of(files));
        expected.addAll(List.of("d0", "d1", "d2"));
        JsonNode byForm = json(call(
                "POST",
                "/api/models/" + repo + "/paths-info/main",
                form + "&expand=False",
                "Content-Type",
                "application/x-www-form-urlencoded"));
        assertThat(byForm.valueStream().map(item -> item.path("path").asString()))
                .containsExactlyElementsOf(expected);
        String body =
                asked.stream().map(path -> "\"" + path + "\"").collect(Collectors.joining(",", "{\"paths\":[", "]}"));
        assertThat(json(call("POST", "/api/models/" + repo + "/paths-info/main", body)))
                .isEqualTo(byForm);
        assertThat(call("POST", "/api/models/" + repo + "/paths-info/main", body.replace("]", ",\"one more\"]"))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void everyItemKnowsTheCommitThatChangedItLast() throws IOException {
        try (ContentBatch batch = contents.batch()) {
            for (int i = 0; i < HISTORY; i++) {
                batch.add("content", ("content " + i).getBytes(StandardCharsets.UTF_8));
            }
            contents.publish(batch.staged());
        }
        Repo row = repos.get(RepoType.MODEL, repo, new Caller("alice", Optional.of("lab"), Set.of(), false));
        Map<String, Commit> last = new HashMap<>();
        for (int i = 0; i < HISTORY; i++) {
            String path = i % 3 == 0 ? "root" + i % 11 : "d" + i % 5 + "/e/f" + i % 13;
            byte[] content = ("content " + i).getBytes(StandardCharsets.UTF_8);
            Change change = new Change.Put(FilePath.parse(path), GitBlob.regular(content, sha("content " + i)));
            last.put(
                    path,
                    commits.write(
                            row,
                            new CommitDraft("main", Optional.empty(), "change " + i, "", "alice", List.of(change))));
        }
        Instant start = Instant.now();
        JsonNode items = json(get("/api/models/" + repo + "/tree/main?recursive=true&expand=true&limit=1000"));
        LOG.info(
                "last commits of {} items over {} commits: {}",
                items.size(),
                HISTORY,
                Duration.between(start, Instant.now()));
        int files = 0;
        for (JsonNode item : items) {
            Commit expected = last.get(item.path("path").asString());
            if (expected != null) {
                files++;
                assertThat(item.at("/lastCommit/id").asString()).isEqualTo(expected.oid());
                assertThat(item.at("/lastCommit/title").asString()).isEqualTo(expected.title());
                assertThat(Instant.parse(item.at("/lastCommit/date").asString()))
                        .isEqualTo(expected.at());
            }
        }
        assertThat(files).isEqualTo(last.size());
        assertThat(items.get(0).at("/lastCommit/title").asString()).isEqualTo("initial commit");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    private void write(String... paths) {
        String lines = List.of(paths).stream()
                .map(path -> "{\"key\":\"file\",\"value\":{\"path\":\"" + path + "\",\"content\":\"" + path + "\"}}\n")
                .collect(Collectors.joining("", "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n", ""));
        assertThat(call("POST", "/api/models/" + repo + "/commit/main", lines).statusCode())
                .isEqualTo(200);
    }

    private List<String> paths(String address) {
        List<String> paths = new ArrayList<>();
        String next = "/api/models/" + repo + address;
        while (!next.isEmpty()) {
            HttpResponse<String> page = get(next);
            json(page).forEach(item -> paths.add(item.path("path").asString()));
            next = nextPage(page);
        }
        return paths;
    }

    private static Sha256 sha(String content) {
        return Sha256.of(content.getBytes(StandardCharsets.UTF_8));
    }
}
