package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.background.Loop;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import tools.jackson.databind.JsonNode;

class DownloadCountsTest extends RunningRegistry {
    @Autowired
    @Qualifier("downloadLoop")
    Loop loop;

    @Test
    void aModelIsDownloadedWhenItsConfigurationIs() {
        add(RepoType.MODEL, "downloads/model", "config.json", "model.safetensors", "README.md", "x.gguf");
        get("/downloads/model/resolve/main/config.json");
        get("/downloads/model/resolve/main/config.json", "Range", "bytes=0-");
        call("HEAD", "/downloads/model/resolve/main/config.json", "");
        get("/downloads/model/resolve/main/config.json", "Range", "bytes=0-0");
        get("/downloads/model/resolve/main/config.json", "Range", "bytes=1-");
        get("/downloads/model/resolve/main/config.json", "Range", "bytes=-1");
        get("/downloads/model/resolve/main/model.safetensors");
        get("/downloads/model/resolve/main/README.md");
        get("/downloads/model/raw/main/config.json");
        assertThat(downloads("downloads/model")).isEqualTo(2);
        get("/downloads/model/resolve/main/x.gguf");
        assertThat(downloads("downloads/model")).isEqualTo(3);
    }

    @Test
    void weightsWithoutAConfigurationCountByTheirFirstShard() {
        add(
                RepoType.MODEL,
                "downloads/shards",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors",
                "Q8/x-00002-of-00002.gguf");
        get("/downloads/shards/resolve/main/model-00001-of-00002.safetensors");
        get("/downloads/shards/resolve/main/model-00002-of-00002.safetensors");
        get("/downloads/shards/resolve/main/Q8/x-00002-of-00002.gguf");
        assertThat(downloads("downloads/shards")).isEqualTo(1);
    }

    @Test
    void aReaderOfManyFilesOfADatasetDownloadsItOnce() {
        add(RepoType.DATASET, "downloads/data", "a.csv", "b.csv", "README.md");
        get("/datasets/downloads/data/resolve/main/README.md");
        get("/datasets/downloads/data/resolve/main/a.csv");
        get("/datasets/downloads/data/resolve/main/b.csv");
        callAs(Tokens.of("bob", "lab", Scope.MODELS_READ), "GET", "/datasets/downloads/data/resolve/main/a.csv", "");
        flush();
        assertThat(alice().info(RepoType.DATASET, "downloads/data", "main").downloads())
                .isEqualTo(2);
    }

    @Test
    void whatIsOlderThanThirtyDaysCountsForAllTimeAlone() {
        add(RepoType.MODEL, "downloads/old", "config.json");
        get("/downloads/old/resolve/main/config.json");
        flush();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        addDay("downloads/old", today.minusDays(29), 10);
        addDay("downloads/old", today.minusDays(30), 100);
        jdbc.sql("update download_total set as_of = :day where repo_id = (select id from repo where name ="
                        + " 'downloads/old')")
                .param("day", today.minusDays(1))
                .update();
        flush();
        JsonNode info = json(get("/api/models/downloads/old?expand=downloads&expand=downloadsAllTime"));
        assertThat(info.path("downloads").asLong()).isEqualTo(11);
        assertThat(info.path("downloadsAllTime").asLong()).isEqualTo(111);
        assertThat(json(get("/api/models/downloads/old")).has("downloadsAllTime"))
                .isFalse();
    }

    @Test
    void listsAreSortedByDownloads() {
        add(RepoType.MODEL, "downloads-sorted/a", "config.json");
        add(RepoType.MODEL, "downloads-sorted/b", "config.json");
        add(RepoType.MODEL, "downloads-sorted/c", "config.json");
        get("/downloads-sorted/b/resolve/main/config.json");
        get("/downloads-sorted/b/resolve/main/config.json");
        get("/downloads-sorted/c/resolve/main/config.json");
        flush();
        JsonNode list = json(
                get(
                        "/api/models?author=downloads-sorted&sort=downloads&direction=-1&expand=downloads&expand=downloadsAllTime"));
        assertThat(list.valueStream().map(info -> info.path("id").asString()))
                .containsExactly("downloads-sorted/b", "downloads-sorted/c", "downloads-sorted/a");
        assertThat(list.valueStream().map(info -> info.path("downloads").asLong()))
                .containsExactly(2L, 1L, 0L);
        assertThat(list.path(1).path("downloadsAllTime").asLong()).isEqualTo(1);
    }

    @Test
    void aRepositoryThatIsGoneTakesItsCountsWithIt() {
        add(RepoType.MODEL, "downloads/gone", "config.json");
        get("/downloads/gone/resolve/main/config.json");
        alice().deleteRepo(RepoType.MODEL, "downloads/gone");
        add(RepoType.MODEL, "downloads/stays", "config.json");
        get("/downloads/stays/resolve/main/config.json");
        assertThat(downloads("downloads/stays")).isEqualTo(1);
    }

    private long downloads(String repo) {
        flush();
        RepoInfo info = alice().info(repo, "main");
        return info.downloads();
    }

    /** Whatever is only in memory is written when the loop ends. */
    private void flush() {
        loop.stop();
        loop.start();
        eventually(() -> jdbc.sql("select count(*) from download_total where as_of <> :today")
                        .param("today", LocalDate.now(ZoneOffset.UTC))
                        .query(Long.class)
                        .single()
                == 0);
    }

    private void addDay(String repo, LocalDate day, long count) {
        jdbc.sql("insert into download_day (repo_id, day, count) select id, :day, :count from repo where name = :name")
                .param("day", day)
                .param("count", count)
                .param("name", repo)
                .update();
    }

    private void add(RepoType type, String repo, String... paths) {
        List<Upload> files = Arrays.stream(paths)
                .map(path -> Upload.text(path, "{\"path\":\"" + path + "\"}"))
                .toList();
        alice().commit(new CommitRequest(type, repo, "main", "Add", files).creatingRepository());
    }
}
