package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Downloads that are taken in where their hub is mirrored. */
class MirroredImportTest extends MirroredRegistry {
    private static final String LARGE = "fedcba9876543210".repeat(10_000);

    private String repo = "";
    private String commit = "";
    private HubCacheFolder cache;

    @BeforeEach
    void downloaded() throws Exception {
        repo = "meta/" + UUID.randomUUID();
        CommitResult made = publish(repo, Upload.text("config.json", "{}"), Upload.text("w.bin", LARGE));
        commit = made.commitOid();
        cache = HubCacheFolder.in(CACHES);
        cache.large(repo, commit, "w.bin", LARGE.getBytes(StandardCharsets.UTF_8));
        cache.ref(repo, "main", commit);
    }

    private String taken() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(mirrorUrl("/api/import")))
                .header("Authorization", "Bearer " + Tokens.of("root", "lab", Scope.ADMIN))
                .POST(BodyPublishers.ofString(JsonMapper.shared()
                        .writeValueAsString(Map.of("folder", cache.root().toString()))))
                .build();
        HttpResponse<String> answer = send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void theHubSaysWhatElseIsInACommitAndContentsAreNotFetchedAgain() throws Exception {
        cache.file(repo, commit, "config.json", Sha256.of(new byte[0]).hex(), new byte[0]);

        assertThat(taken())
                .contains("\"path\":\"w.bin\",\"size\":160000")
                .contains("\"skipped\"")
                .contains("config.json");

        assertThat(text(mirrored("/" + repo + "/resolve/" + commit + "/w.bin"))).isEqualTo(LARGE);
        assertThat(upstream.count("/w.bin")).isZero();
        assertThat(text(mirrored("/" + repo + "/resolve/main/config.json"))).isEqualTo("{}");
    }

    @Test
    void whileTheHubIsAwayACommitHasWhatWasDownloadedAndTheRestAfterwards() throws Exception {
        upstream.down();
        try {
            assertThat(taken()).contains("\"event\":\"done\"");
            later();
            order("POST", "/api/admin/evict?grace=0s&most=0B", "");
            assertThat(text(mirrored("/" + repo + "/resolve/" + commit + "/w.bin")))
                    .isEqualTo(LARGE);
        } finally {
            upstream.up();
        }
        later();

        assertThat(text(mirrored("/" + repo + "/resolve/" + commit + "/config.json")))
                .isEqualTo("{}");
        assertThat(text(mirrored("/" + repo + "/resolve/main/w.bin"))).isEqualTo(LARGE);
    }
}
