package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One commit of 10,000 files; {@code ./mvnw -pl model-registry -am -Pscale test} makes it 100,000, in a heap of 1 GB. */
class ManyFilesTest extends RunningRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(ManyFilesTest.class);
    private static final int FILES = Integer.getInteger("orrery.test.files", 10_000);
    private static final int FOLDER = 500;

    @Test
    void aCommitOfManyFilesIsMadeAndListed() {
        alice().createRepo(RepoType.MODEL, "many/files", false, true);
        Instant start = Instant.now();
        HttpResponse<String> made = call("POST", "/api/models/many/files/commit/main", lines());
        assertThat(made.statusCode()).isEqualTo(200);
        told("commit", start, Duration.ofMillis(2 + 6L * FILES / 10));

        listedWhole();
        start = Instant.now();
        assertThat(listedWhole()).isEqualTo(2 + FILES / FOLDER + FILES);
        told("tree, all pages", start, Duration.ofMillis(FILES));

        start = Instant.now();
        HttpResponse<String> info = get("/api/models/many/files?blobs=true");
        told("info", start, Duration.ofMillis(FILES));
        assertThat(json(info).path("siblings").size()).isEqualTo(1 + FILES);
        assertThat(get("/many/files/resolve/main/" + path(FILES - 1)).body()).isEqualTo(content(FILES - 1));
    }

    /** The bounds are wide: the builds of others run beside this one. */
    private static void told(String what, Instant start, Duration most) {
        Duration taken = Duration.between(start, Instant.now());
        LOG.info("{} of {} files: {}", what, FILES, taken);
        assertThat(taken).as(what).isLessThan(most.plusSeconds(10));
    }

    private int listedWhole() {
        int listed = 0;
        String next = "/api/models/many/files/tree/main?recursive=true";
        while (!next.isEmpty()) {
            HttpResponse<String> page = get(next);
            listed += json(page).size();
            next = nextPage(page);
        }
        return listed;
    }

    private static String lines() {
        return IntStream.range(0, FILES)
                .mapToObj(i -> "{\"key\":\"file\",\"value\":{\"path\":\"" + path(i) + "\",\"content\":\"" + content(i)
                        + "\"}}\n")
                .collect(Collectors.joining("", "{\"key\":\"header\",\"value\":{\"summary\":\"many\"}}\n", ""));
    }

    private static String path(int i) {
        return "data/part-" + i / FOLDER + "/file-" + i + ".json";
    }

    private static String content(int i) {
        return ("content " + i + " ").repeat(7);
    }
}
