package io.orrery.finetune.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.finetune.RunningFinetune;
import io.orrery.finetune.Tokens;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FilesTest extends RunningFinetune {
    @Test
    void aFileIsStoredListedReadAndDeleted() throws Exception {
        String content = "{\"text\":\"ä € 𝄞\"}\n";
        JsonNode file = ok(form(filePart("dir/training data.jsonl", content), field("purpose", "fine-tune")));
        String id = file.get("id").asString();

        assertThat(file.get("object").asString()).isEqualTo("file");
        assertThat(file.get("filename").asString()).isEqualTo("training data.jsonl");
        assertThat(file.get("purpose").asString()).isEqualTo("fine-tune");
        assertThat(file.get("bytes").asLong())
                .isEqualTo(content.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        assertThat(get("/v1/files/" + id)).isEqualTo(file);
        assertThat(get("/v1/files?purpose=fine-tune").get("data")).contains(file);
        assertThat(get("/v1/files?purpose=batch").get("data")).doesNotContain(file);
        HttpResponse<String> read = call("GET", "/v1/files/" + id + "/content", "");
        assertThat(read.body()).isEqualTo(content);

        JsonNode deleted = ok(call("DELETE", "/v1/files/" + id, ""));
        assertThat(deleted.get("deleted").asBoolean()).isTrue();
        assertThat(error(call("GET", "/v1/files/" + id, ""), 404).get("message").asString())
                .contains(id);
        assertThat(contents())
                .noneMatch(path ->
                        path.getFileName().toString().equals(file.get("sha256").asString()));
    }

    @Test
    void twoFilesOfTheSameContentKeepItUntilTheLastIsDeleted() throws Exception {
        String first = upload("{\"text\":\"twice\"}\n");
        String second = upload("{\"text\":\"twice\"}\n");
        String sha = get("/v1/files/" + first).get("sha256").asString();
        assertThat(get("/v1/files/" + second).get("sha256").asString()).isEqualTo(sha);

        call("DELETE", "/v1/files/" + first, "");
        assertThat(call("GET", "/v1/files/" + second + "/content", "").statusCode())
                .isEqualTo(200);
        call("DELETE", "/v1/files/" + second, "");
        assertThat(contents()).noneMatch(path -> path.endsWith(sha));
    }

    @Test
    void pagesGoBothWays() {
        String first = upload("{\"text\":\"1\"}\n");
        String second = upload("{\"text\":\"2\"}\n");
        String third = upload("{\"text\":\"3\"}\n");

        JsonNode page = get("/v1/files?limit=1&after=" + third);
        assertThat(page.get("has_more").asBoolean()).isTrue();
        assertThat(page.at("/data/0/id").asString()).isEqualTo(second);
        assertThat(get("/v1/files?order=asc&limit=1&after=" + first)
                        .at("/data/0/id")
                        .asString())
                .isEqualTo(second);
        assertThat(error(call("GET", "/v1/files?limit=0", ""), 400).get("param").asString())
                .isEqualTo("limit");
        assertThat(error(call("GET", "/v1/files?limit=many", ""), 400)
                        .get("message")
                        .asString())
                .contains("many");
        assertThat(error(call("GET", "/v1/files?order=up", ""), 400)
                        .get("message")
                        .asString())
                .contains("asc or desc");
    }

    @Test
    void anotherProjectSeesNothingOfIt() {
        String id = upload("{\"text\":\"mine\"}\n");
        String bob = Tokens.of("bob", "other", Scope.TUNE_READ, Scope.TUNE_WRITE);
        for (String path : List.of("/v1/files/" + id, "/v1/files/" + id + "/content")) {
            assertThat(callAs(bob, "GET", path, "application/json", "").statusCode())
                    .isEqualTo(404);
        }
        assertThat(callAs(bob, "DELETE", "/v1/files/" + id, "application/json", "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(callAs(bob, "GET", "/v1/files", "application/json", "").body())
                .doesNotContain(id);
    }

    @Test
    void whatIsNoUploadIsRefusedAndLeavesNothing() throws Exception {
        List<Path> before = contents();
        assertThat(error(form(filePart("a", "x")), 400).get("param").asString()).isEqualTo("purpose");
        assertThat(error(form(filePart("a", "x"), field("purpose", "fun")), 400)
                        .get("message")
                        .asString())
                .contains("'fun' is no purpose", "fine-tune");
        assertThat(error(form(field("purpose", "fine-tune")), 400)
                        .get("message")
                        .asString())
                .contains("no field 'file'");
        assertThat(error(form(field("purpose", "fine-tune"), filePart("a", "x"), filePart("b", "y")), 400)
                        .get("message")
                        .asString())
                .contains("one at a time");
        assertThat(error(form(filePart("a", "x"), field("colour", "red")), 400)
                        .get("message")
                        .asString())
                .contains("Unknown field 'colour'");
        assertThat(error(call("POST", "/v1/files", "{}"), 400).get("message").asString())
                .contains("no multipart form");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aFileThatIsTooLargeIsRefusedWhileItComes() throws Exception {
        List<Path> before = contents();
        JsonNode error = error(form(field("purpose", "fine-tune"), filePart("big.jsonl", "x".repeat(300_000))), 413);
        assertThat(error.get("code").asString()).isEqualTo("file_too_large");
        assertThat(error.get("message").asString()).contains("big.jsonl", "204800", "Nothing was stored");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aFileThatAJobNeedsStays() {
        training.script((step, listener) -> {
            while (!listener.isStopped()) {
                pause();
            }
        });
        String file = upload("{\"text\":\"needed\"}\n");
        String job = submit(file, "");

        JsonNode error = error(call("DELETE", "/v1/files/" + file, ""), 409);
        assertThat(error.get("code").asString()).isEqualTo("file_in_use");
        assertThat(error.get("message").asString()).contains(job);

        ok(call("POST", "/v1/fine_tuning/jobs/" + job + "/cancel", ""));
        awaitStatus(job, "cancelled");
        ok(call("DELETE", "/v1/files/" + file, ""));
    }

    /** Every file of the store, those on their way included. */
    private static List<Path> contents() throws IOException {
        try (Stream<Path> all = Files.walk(DATA.resolve("files"))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
