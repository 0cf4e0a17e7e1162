package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PreuploadTest extends RunningRegistry {
    private static final String ADDRESS = "/api/models/lab/ways/preupload/main";

    @BeforeEach
    void files() {
        alice().commit(new CommitRequest(
                        RepoType.MODEL,
                        "lab/ways",
                        "main",
                        "m",
                        List.of(
                                Upload.text("hello.txt", "hello\n"),
                                Upload.text("d/w.bin", "weights"),
                                Upload.text(".gitignore", "*.tmp\nlogs/\n!keep.tmp\n/only-here\n")))
                .creatingRepository());
    }

    @Test
    void whatIsThereIsToldByTheHashThatClientsCompare() {
        JsonNode files = ask(file("hello.txt", 6), file("d/w.bin", 7), file("none.txt", 1), file("d", 1));
        assertThat(files.at("/0/oid").asString()).isEqualTo("ce013625030ba8dba906f756967f9e9ca394464a");
        assertThat(files.at("/1/oid").asString())
                .isEqualTo(Sha256.of("weights".getBytes(StandardCharsets.UTF_8)).hex());
        assertThat(files.get(2).has("oid")).isFalse();
        assertThat(files.get(3).has("oid")).isFalse();
    }

    @Test
    void theWayFollowsTheRulesTheSizeAndTheBeginning() {
        assertMode("regular", file("config.json", 10_000_000));
        assertMode("lfs", file("config.json", 10_000_001));
        assertMode("lfs", file("a/b/model.safetensors", 8));
        assertMode("regular", file("a/b/model.safetensors", 0));
        assertMode("lfs", file("saved_model/x/y", 1));
        assertMode("regular", file("odd", 2_000_000, "text"));
        assertMode("lfs", file("odd", 2_000_000, "\0binary"));
        assertMode("regular", file("odd", 900_000, "\0binary"));
    }

    @Test
    void theRequestsRulesStandInForTheCommitted() {
        String more = ",\"gitAttributes\":\"*.txt filter=lfs\\n\",\"gitIgnore\":\"*.txt\\n\"";
        JsonNode files = askWith(more, file("a.txt", 5), file("w.bin", 5), file("a.tmp", 5));
        assertThat(files.at("/0/uploadMode").asString()).isEqualTo("lfs");
        assertThat(files.at("/1/uploadMode").asString()).isEqualTo("regular");
        assertThat(files.valueStream().map(file -> file.path("shouldIgnore").asBoolean()))
                .containsExactly(true, false, false);
    }

    @Test
    void ignoredFilesAreTold() {
        JsonNode files = ask(
                file("a.tmp", 1),
                file("d/a.tmp", 1),
                file("keep.tmp", 1),
                file("logs/x/y", 1),
                file("logs", 1),
                file("only-here", 1),
                file("d/only-here", 1));
        assertThat(files.valueStream().map(file -> file.path("shouldIgnore").asBoolean()))
                .containsExactly(true, true, false, true, false, true, false);
    }

    @Test
    void aThousandFilesAreOneQuestionAndMoreAreRefused() {
        String[] thousand = IntStream.range(0, 1000)
                .mapToObj(i -> file(i % 2 == 0 ? "hello.txt" : "x/" + i + " ü.bin", i))
                .toArray(String[]::new);
        JsonNode files = ask(thousand);
        assertThat(files.size()).isEqualTo(1000);
        assertThat(files.at("/999/path").asString()).isEqualTo("x/999 ü.bin");
        assertThat(files.at("/998/oid").asString()).isEqualTo("ce013625030ba8dba906f756967f9e9ca394464a");
        String more = IntStream.range(0, 1001).mapToObj(i -> file("f" + i, i)).collect(Collectors.joining(","));
        assertThat(call("POST", ADDRESS, "{\"files\":[" + more + "]}").statusCode())
                .isEqualTo(413);
    }

    @Test
    void aBranchThatIsMissingIsTold() {
        HttpResponse<String> answer =
                call("POST", "/api/models/lab/ways/preupload/none", "{\"files\":[" + file("a", 1) + "]}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(header(answer, "X-Error-Code")).isEqualTo("RevisionNotFound");
        assertThat(call("POST", ADDRESS, "{\"files\":[{\"path\":\"a\",\"size\":2000000,\"sample\":\"%%\"}]}")
                        .body())
                .contains("The sample of a is not base64");
    }

    private void assertMode(String mode, String file) {
        assertThat(ask(file).at("/0/uploadMode").asString()).as(file).isEqualTo(mode);
    }

    private JsonNode ask(String... files) {
        return askWith("", files);
    }

    private JsonNode askWith(String more, String... files) {
        HttpResponse<String> answer =
                call("POST", ADDRESS, "{\"files\":[" + String.join(",", files) + "]" + more + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("files");
    }

    private static String file(String path, long size) {
        return "{\"path\":\"" + path + "\",\"size\":" + size + "}";
    }

    private static String file(String path, long size, String sample) {
        String base64 = Base64.getEncoder().encodeToString(sample.getBytes(StandardCharsets.UTF_8));
        return "{\"path\":\"" + path + "\",\"size\":" + size + ",\"sample\":\"" + base64 + "\"}";
    }
}
