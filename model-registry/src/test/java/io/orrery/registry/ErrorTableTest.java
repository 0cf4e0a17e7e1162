package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients decide by: for each situation the status, the code, the sentence and the headers that every route answers with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorTableTest extends RunningRegistry {
    @BeforeAll
    void repositories() {
        alice().commit(new CommitRequest(
                        RepoType.MODEL,
                        "errors/plain",
                        "main",
                        "m",
                        List.of(Upload.text("a.txt", "text"), Upload.text("d/w.bin", "weights")))
                .creatingRepository());
        for (String name : List.of("errors/gated", "errors/disabled", "errors/other")) {
            alice().createRepo(RepoType.MODEL, name, false, true);
            call("POST", "/api/models/" + name + "/commit/main", ErrorRow.HEADER + ErrorRow.file("a.txt"));
        }
        alice().createRepo(RepoType.MODEL, "errors/private", true, true);
        call("PUT", "/api/models/errors/gated/settings", "{\"gated\":\"manual\"}");
        callAs(Tokens.of("pending", "p", Scope.MODELS_READ), "POST", "/errors/gated/ask-access", "");
        call("POST", "/api/models/errors/plain/tag/main", "{\"tag\":\"v1\"}");
        call("POST", "/api/models/errors/plain/branch/dev", "{}");
        String root = Tokens.of("root", "x", Scope.MODELS_READ, Scope.MODELS_WRITE, Scope.ADMIN);
        assertThat(callAs(root, "PUT", "/api/models/errors/disabled/settings", "{\"disabled\":true}")
                        .statusCode())
                .isEqualTo(200);
    }

    static Stream<ErrorRow> table() {
        return Stream.concat(ErrorsOfAccess.all(), ErrorsOfRequests.all());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void everySituationIsToldAsClientsReadIt(ErrorRow row) {
        HttpResponse<String> answer = callAs(row.who(), row.method(), row.path(), row.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(row.status());
        assertThat(header(answer, "Content-Type")).startsWith("application/json");
        assertThat(json(answer).path("error").asString()).startsWith(row.message());
        assertThat(header(answer, "WWW-Authenticate")).isEmpty();
        assertThat(header(answer, "X-Request-Id")).isNotEmpty();
        if (row.code().equals("-")) {
            assertThat(json(answer).path("url").asString()).startsWith(url("/errors/"));
            return;
        }
        assertHeaders(answer, row);
        if (row.method().equals("GET")) {
            HttpResponse<String> head = callAs(row.who(), "HEAD", row.path(), "");
            assertThat(head.statusCode()).isEqualTo(row.status());
            assertThat(head.body()).isEmpty();
            assertHeaders(head, row);
        }
    }

    private static void assertHeaders(HttpResponse<String> answer, ErrorRow row) {
        assertThat(header(answer, "X-Error-Code")).isEqualTo(row.code());
        assertThat(header(answer, "X-Error-Message")).startsWith(row.message()).matches("[\\x20-\\x7e]+");
        assertThat(header(answer, "X-Repo-Commit")).matches(row.code().equals("EntryNotFound") ? "[0-9a-f]{40}" : "");
    }

    @Test
    void aRangeBehindTheEndTellsTheSize() {
        for (String method : List.of("GET", "HEAD")) {
            HttpResponse<String> answer =
                    callAs(ErrorRow.ALICE, method, "/errors/plain/resolve/main/a.txt", "", "Range", "bytes=4-");
            assertThat(answer.statusCode()).isEqualTo(416);
            assertThat(header(answer, "Content-Range")).isEqualTo("bytes */4");
            assertThat(header(answer, "X-Repo-Commit")).matches("[0-9a-f]{40}");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void withoutAnyTokenARepositoryIsNotTold() {
        for (String method : List.of("GET", "HEAD")) {
            HttpResponse<String> answer = callAs("", method, "/api/models/errors/plain", "");
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(header(answer, "X-Error-Code")).isEqualTo("RepoNotFound");
            assertThat(header(answer, "X-Error-Message")).isEqualTo("Invalid username or password.");
        }
    }
}
