package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients decide by: for each situation the status, the code, the sentence and the headers that every route answers with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorTableTest extends RunningRegistry {
    private static final String ALICE = Tokens.of("alice", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE);
    private static final String BOB = Tokens.of("bob", "elsewhere", Scope.MODELS_READ, Scope.MODELS_WRITE);
    private static final String READER = Tokens.of("reader", "lab", Scope.MODELS_READ);
    private static final String NOBODY = Tokens.of(ServiceToken.ANONYMOUS, null, Scope.MODELS_READ);
    private static final String HEADER = "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n";

    private static final String REPO_MISSING = "Repository not found";
    private static final String WHO = "Invalid username or password.";
    private static final String DISABLED = "Access to this resource is disabled.";

    /** Routes that tell of a repository, and such as give its contents. */
    private static final List<String> TOLD = List.of(
            "GET /api/models/REPO",
            "GET /api/models/REPO/revision/main",
            "GET /api/models/REPO/tree/main",
            "GET /api/models/REPO/treesize/main",
            "POST /api/models/REPO/paths-info/main {\"paths\":[\"a.txt\"]}",
            "GET /api/models/REPO/refs",
            "GET /api/models/REPO/commits/main",
            "GET /api/models/REPO/discussions",
            "GET /api/models/REPO/likers",
            "GET /api/models/REPO/lineage");

    private static final List<String> GIVEN = List.of(
            "GET /REPO/resolve/main/a.txt",
            "GET /REPO/raw/main/a.txt",
            "GET /api/models/REPO/auth-check",
            "GET /api/models/REPO/xet-read-token/main",
            "POST /REPO.git/info/lfs/objects/batch {\"operation\":\"download\",\"objects\":[]}");

    private static final List<String> WRITTEN = List.of(
            "POST /api/models/REPO/preupload/main {\"files\":[]}",
            "POST /api/models/REPO/commit/main " + HEADER,
            "POST /api/models/REPO/branch/b {}",
            "DELETE /api/models/REPO/branch/b",
            "POST /api/models/REPO/tag/main {\"tag\":\"t\"}",
            "DELETE /api/models/REPO/tag/t",
            "PUT /api/models/REPO/settings {\"gated\":false}",
            "POST /api/models/REPO/super-squash/main {}",
            "GET /api/models/REPO/xet-write-token/main",
            "POST /REPO.git/info/lfs/objects/batch"
                    + " {\"operation\":\"upload\",\"ref\":{\"name\":\"main\"},\"objects\":[]}",
            "GET /api/models/REPO/lfs-files",
            "POST /api/models/REPO/lfs-files/batch {\"deletions\":{\"sha\":[]}}",
            "GET /api/models/REPO/user-access-request/pending",
            "POST /api/models/REPO/user-access-request/grant {\"user\":\"x\"}",
            "POST /api/repos/move {\"fromRepo\":\"REPO\",\"toRepo\":\"bob/x\"}",
            "DELETE /api/repos/delete {\"name\":\"REPO\"}",
            "GET /api/models/REPO/auth-check/write");

    private static final List<String> ASKED = List.of(
            "POST /api/models/REPO/like",
            "POST /api/models/REPO/duplicate {}",
            "POST /api/models/REPO/discussions {\"title\":\"t\"}",
            "POST /REPO/ask-access");

    /** A request and what it is answered with. */
    private record Row(
            String situation,
            String who,
            String method,
            String path,
            String body,
            int status,
            String code,
            String message) {
        @Override
        public String toString() {
            String shown = body.length() > 80 ? body.substring(0, 80) + "..." : body;
            return situation + ": " + method + " " + path + " " + shown + " -> " + status + " " + code;
        }
    }

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
            call("POST", "/api/models/" + name + "/commit/main", HEADER + file("a.txt"));
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

    static Stream<Row> table() {
        return Stream.of(
                        missingRepositories(),
                        missingRevisions(),
                        missingEntries(),
                        gated(),
                        disabled(),
                        forbidden(),
                        malformed(),
                        tooLarge(),
                        conflicts(),
                        unknown())
                .flatMap(List::stream);
    }

    private static List<Row> missingRepositories() {
        List<Row> rows = new ArrayList<>();
        for (String repo : List.of("errors/none", "none", "errors/private")) {
            List<String> all = new ArrayList<>(TOLD);
            all.addAll(GIVEN);
            if (repo.contains("/")) {
                all.addAll(ASKED);
                all.addAll(WRITTEN);
            }
            all.forEach(
                    route -> rows.add(row("missing repository", BOB, route, repo, 404, "RepoNotFound", REPO_MISSING)));
            Stream.concat(TOLD.stream(), GIVEN.stream())
                    .forEach(route -> rows.add(row("nobody sees it", NOBODY, route, repo, 401, "RepoNotFound", WHO)));
        }
        rows.add(row(
                "missing before revision",
                BOB,
                "GET /REPO/resolve/none/none",
                "errors/none",
                404,
                "RepoNotFound",
                REPO_MISSING));
        rows.add(row(
                "of another type", BOB, "GET /api/datasets/REPO", "errors/plain", 404, "RepoNotFound", REPO_MISSING));
        return rows;
    }

    private static List<Row> missingRevisions() {
        List<Row> rows = new ArrayList<>();
        for (String route : List.of(
                "GET /api/models/REPO/revision/none",
                "GET /api/models/REPO/tree/none",
                "GET /api/models/REPO/tree/none/a.txt",
                "GET /api/models/REPO/treesize/none",
                "POST /api/models/REPO/paths-info/none {\"paths\":[]}",
                "GET /api/models/REPO/commits/none",
                "GET /REPO/resolve/none/a.txt",
                "GET /REPO/raw/none/a.txt",
                "POST /api/models/REPO/preupload/none {\"files\":[]}",
                "POST /api/models/REPO/commit/none " + HEADER,
                "POST /api/models/REPO/commit/none?create_pr=1 " + HEADER,
                "POST /api/models/REPO/tag/none {\"tag\":\"t\"}",
                "POST /api/models/REPO/branch/b {\"startingPoint\":\"none\"}",
                "POST /api/models/REPO/super-squash/none {}",
                "DELETE /api/models/REPO/branch/none",
                "DELETE /api/models/REPO/tag/none")) {
            rows.add(row(
                    "missing revision", ALICE, route, "errors/plain", 404, "RevisionNotFound", "Invalid rev id: none"));
        }
        rows.add(row(
                "a tag takes no commit",
                ALICE,
                "POST /api/models/REPO/commit/v1 " + HEADER,
                "errors/plain",
                404,
                "RevisionNotFound",
                "Invalid rev id: v1"));
        rows.add(row(
                "no commit of it",
                ALICE,
                "GET /api/models/REPO/revision/" + "0".repeat(40),
                "errors/plain",
                404,
                "RevisionNotFound",
                "Invalid rev id: 0"));
        rows.add(row(
                "no such proposal",
                ALICE,
                "GET /REPO/resolve/refs%2Fpr%2F99/a.txt",
                "errors/plain",
                404,
                "RevisionNotFound",
                "Invalid rev id: refs/pr/99"));
        return rows;
    }

    private static List<Row> missingEntries() {
        List<Row> rows = new ArrayList<>();
        for (String route : List.of(
                "GET /REPO/resolve/main/none",
                "GET /REPO/resolve/main/d",
                "GET /REPO/resolve/main/a.txt/b",
                "GET /REPO/raw/main/none",
                "GET /api/models/REPO/tree/main/none",
                "GET /api/models/REPO/tree/main/a.txt",
                "GET /api/models/REPO/treesize/main/none")) {
            rows.add(row("missing entry", READER, route, "errors/plain", 404, "EntryNotFound", "Entry not found"));
        }
        rows.add(row(
                "deletes what is not there",
                ALICE,
                "POST /api/models/REPO/commit/main " + HEADER
                        + "{\"key\":\"deletedFile\",\"value\":{\"path\":\"none\"}}",
                "errors/plain",
                404,
                "EntryNotFound",
                "A file with this name doesn't exist"));
        rows.add(row(
                "deletes what is not there",
                ALICE,
                "POST /api/models/REPO/commit/main " + HEADER
                        + "{\"key\":\"deletedFolder\",\"value\":{\"path\":\"none/\"}}",
                "errors/plain",
                404,
                "EntryNotFound",
                "A folder with this name doesn't exist"));
        return rows;
    }

    private static List<Row> gated() {
        List<Row> rows = new ArrayList<>();
        String pending = Tokens.of("pending", "p", Scope.MODELS_READ, Scope.MODELS_WRITE);
        for (String route : GIVEN) {
            String restricted = "Access to model errors/gated is restricted";
            rows.add(row("gated, nobody", NOBODY, route, "errors/gated", 401, "GatedRepo", restricted));
            rows.add(row("gated, not let in", BOB, route, "errors/gated", 403, "GatedRepo", restricted));
            rows.add(row("gated, pending", pending, route, "errors/gated", 403, "GatedRepo", restricted));
        }
        rows.add(row(
                "gated",
                BOB,
                "POST /api/models/REPO/duplicate {}",
                "errors/gated",
                403,
                "GatedRepo",
                "Access to model"));
        return rows;
    }

    private static List<Row> disabled() {
        List<Row> rows = new ArrayList<>();
        Stream.of(TOLD, GIVEN, WRITTEN, ASKED)
                .flatMap(List::stream)
                .forEach(route -> rows.add(row("taken down", ALICE, route, "errors/disabled", 403, "", DISABLED)));
        Stream.of(TOLD, GIVEN)
                .flatMap(List::stream)
                .forEach(route ->
                        rows.add(row("taken down, nobody", NOBODY, route, "errors/disabled", 403, "", DISABLED)));
        return rows;
    }

    private static List<Row> forbidden() {
        List<Row> rows = new ArrayList<>();
        WRITTEN.forEach(route -> rows.add(row("may not write", BOB, route, "errors/plain", 403, "", "Forbidden: ")));
        for (String route : WRITTEN) {
            if (!route.startsWith("GET ") || route.contains("xet-write-token")) {
                rows.add(row(
                        "reads only",
                        READER,
                        route,
                        "errors/plain",
                        403,
                        "",
                        "Forbidden: this needs the scope models:write"));
            }
        }
        rows.add(row(
                "others' namespace",
                BOB,
                "POST /api/repos/create {\"name\":\"errors/new\"}",
                "",
                403,
                "",
                "Forbidden: the namespace"));
        rows.add(row(
                "main stays",
                ALICE,
                "DELETE /api/models/REPO/branch/main",
                "errors/plain",
                403,
                "",
                "Forbidden: the branch main"));
        for (String route : TOLD) {
            rows.add(row(
                    "bad token",
                    "hf_nonsense",
                    route,
                    "errors/plain",
                    401,
                    "",
                    "Invalid credentials in Authorization header"));
        }
        return rows;
    }

    private static List<Row> malformed() {
        List<Row> rows = new ArrayList<>();
        for (String route : List.of(
                "POST /api/repos/create {",
                "DELETE /api/repos/delete {",
                "POST /api/repos/move {",
                "PUT /api/models/REPO/settings {",
                "POST /api/models/REPO/preupload/main {",
                "POST /api/models/REPO/paths-info/main {",
                "POST /api/models/REPO/branch/b {",
                "POST /api/models/REPO/tag/main {",
                "POST /api/models/REPO/super-squash/main {",
                "POST /api/models/REPO/discussions {",
                "POST /api/models/REPO/duplicate {",
                "POST /api/models/REPO/lfs-files/batch {",
                "POST /api/models/REPO/user-access-request/handle {",
                "POST /REPO.git/info/lfs/objects/batch {",
                "POST /api/validate-yaml {",
                "POST /api/repos/create null",
                "POST /api/repos/create [1]",
                "POST /api/models/REPO/preupload/main {}",
                "POST /api/models/REPO/paths-info/main {}",
                "POST /REPO.git/info/lfs/objects/batch {}",
                "POST /REPO.git/info/lfs/objects/batch {\"operation\":\"upload\",\"objects\":[{\"size\":1}]}",
                "POST /api/models/REPO/preupload/main {\"files\":[null]}",
                "POST /api/repos/create {}",
                "DELETE /api/repos/delete {}",
                "POST /api/repos/move {}")) {
            rows.add(row("bad JSON", ALICE, route, "errors/plain", 400, "", "The body "));
        }
        rows.add(row(
                "bad line",
                ALICE,
                "POST /api/models/REPO/commit/main " + HEADER + "{",
                "errors/plain",
                400,
                "",
                "Line 2 of the commit is refused"));
        rows.add(row(
                "no header",
                ALICE,
                "POST /api/models/REPO/commit/main",
                "errors/plain",
                400,
                "",
                "The commit lacks its first line"));
        rows.add(row(
                "unknown content",
                ALICE,
                "POST /api/models/REPO/commit/main " + HEADER
                        + "{\"key\":\"lfsFile\",\"value\":{\"path\":\"x\",\"oid\":\"" + "0".repeat(64)
                        + "\",\"size\":1}}",
                "errors/plain",
                400,
                "",
                "Line 2 of the commit is refused: the object"));
        for (String path : List.of("../x", "/x", "a//b", ".git/x", "a/./b")) {
            rows.add(row(
                    "bad path",
                    ALICE,
                    "POST /api/models/REPO/commit/main " + HEADER + file(path),
                    "errors/plain",
                    400,
                    "",
                    "The path "));
        }
        for (String name : List.of(
                "errors/a--b", "errors/.a", "errors/a.git", "errors/a b", "errors/tree", "api/x", "errors/a/b")) {
            rows.add(row(
                    "bad name",
                    ALICE,
                    "POST /api/repos/create {\"name\":\"" + name + "\"}",
                    "",
                    400,
                    "",
                    "Invalid repository name"));
            rows.add(row(
                    "bad name",
                    ALICE,
                    "POST /api/repos/move {\"fromRepo\":\"errors/plain\",\"toRepo\":\"" + name + "\"}",
                    "",
                    400,
                    "",
                    "Invalid repository name"));
        }
        rows.add(row(
                "bad ref",
                ALICE,
                "POST /api/models/REPO/branch/a..b {}",
                "errors/plain",
                400,
                "",
                "Invalid reference name"));
        rows.add(row(
                "bad ref",
                ALICE,
                "POST /api/models/REPO/tag/main {\"tag\":\"refs/x\"}",
                "errors/plain",
                400,
                "",
                "Invalid reference name"));
        rows.add(row(
                "unknown type",
                ALICE,
                "POST /api/repos/create {\"name\":\"errors/k\",\"type\":\"kernel\"}",
                "",
                400,
                "",
                "This registry keeps"));
        rows.add(row(
                "bad limit",
                ALICE,
                "GET /api/models/REPO/tree/main?limit=x",
                "errors/plain",
                400,
                "",
                "limit must be a number"));
        rows.add(row(
                "bad cursor",
                ALICE,
                "GET /api/models/REPO/tree/main?cursor=%25",
                "errors/plain",
                400,
                "",
                "The cursor "));
        return rows;
    }

    private static List<Row> tooLarge() {
        String paths =
                IntStream.range(0, 1001).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(",", "[", "]"));
        String files = IntStream.range(0, 1001)
                .mapToObj(i -> "{\"path\":\"" + i + "\",\"size\":1}")
                .collect(Collectors.joining(",", "[", "]"));
        String objects = files.replace("\"path\"", "\"oid\"");
        return List.of(
                row(
                        "too many",
                        ALICE,
                        "POST /api/models/REPO/paths-info/main {\"paths\":" + paths + "}",
                        "errors/plain",
                        413,
                        "",
                        "too many parameters"),
                row(
                        "too many",
                        ALICE,
                        "POST /api/models/REPO/preupload/main {\"files\":" + files + "}",
                        "errors/plain",
                        413,
                        "",
                        "One question"),
                row(
                        "too many",
                        ALICE,
                        "POST /REPO.git/info/lfs/objects/batch {\"operation\":\"upload\",\"objects\":" + objects + "}",
                        "errors/plain",
                        413,
                        "",
                        "A batch has at most"),
                row(
                        "too many",
                        ALICE,
                        "POST /api/models/REPO/lfs-files/batch {\"deletions\":{\"sha\":" + paths + "}}",
                        "errors/plain",
                        413,
                        "",
                        "too many parameters"));
    }

    private static List<Row> conflicts() {
        String stale = HEADER.replace("\"summary\"", "\"parentCommit\":\"" + "0".repeat(40) + "\",\"summary\"");
        return List.of(
                row(
                        "stale parent",
                        ALICE,
                        "POST /api/models/REPO/commit/main " + stale + file("new.txt"),
                        "errors/plain",
                        412,
                        "",
                        "A commit has happened since. Please refresh and try again."),
                row(
                        "exists",
                        ALICE,
                        "POST /api/repos/create {\"name\":\"errors/plain\"}",
                        "",
                        409,
                        "-",
                        "You already created"),
                row(
                        "exists",
                        ALICE,
                        "POST /api/models/errors/plain/duplicate {\"repository\":\"errors/other\"}",
                        "",
                        409,
                        "-",
                        "You already created"),
                row(
                        "exists",
                        ALICE,
                        "POST /api/models/REPO/branch/dev {}",
                        "errors/plain",
                        409,
                        "",
                        "The reference dev exists already"),
                row(
                        "exists",
                        ALICE,
                        "POST /api/models/REPO/tag/main {\"tag\":\"v1\"}",
                        "errors/plain",
                        409,
                        "",
                        "The reference v1 exists already"),
                row(
                        "exists",
                        ALICE,
                        "POST /api/repos/move {\"fromRepo\":\"errors/plain\",\"toRepo\":\"errors/other\"}",
                        "",
                        409,
                        "",
                        "A model named errors/other exists already"));
    }

    private static List<Row> unknown() {
        List<Row> rows = new ArrayList<>();
        for (String route : List.of(
                "GET /api/kernels/errors/plain",
                "GET /api/buckets",
                "GET /api/agent-harnesses",
                "GET /api/models-tags-by-type",
                "POST /api/models/REPO/resource-group {}",
                "DELETE /api/models/REPO",
                "GET /api/models/REPO/nothing/more/of/it",
                "GET /REPO/nothing/main/a.txt")) {
            rows.add(row("no such route", ALICE, route, "errors/plain", 404, "", "No such route: "));
        }
        rows.add(row(
                "no such discussion",
                ALICE,
                "GET /api/models/REPO/discussions/99",
                "errors/plain",
                404,
                "",
                "Discussion not found"));
        rows.add(row(
                "nobody asked",
                ALICE,
                "POST /api/models/REPO/user-access-request/handle {\"user\":\"x\",\"status\":\"accepted\"}",
                "errors/plain",
                404,
                "",
                "'x' did not ask"));
        return rows;
    }

    /** @param route method, path and body, with REPO for the repository */
    private static Row row(
            String situation, String who, String route, String repo, int status, String code, String message) {
        String[] parts = route.replace("REPO", repo).split(" ", 3);
        return new Row(situation, who, parts[0], parts[1], parts.length < 3 ? "" : parts[2], status, code, message);
    }

    private static String file(String path) {
        return "{\"key\":\"file\",\"value\":{\"path\":\"" + path + "\",\"content\":\"new\"}}";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void everySituationIsToldAsClientsReadIt(Row row) {
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

    private static void assertHeaders(HttpResponse<String> answer, Row row) {
        assertThat(header(answer, "X-Error-Code")).isEqualTo(row.code());
        assertThat(header(answer, "X-Error-Message")).startsWith(row.message()).matches("[\\x20-\\x7e]+");
        assertThat(header(answer, "X-Repo-Commit")).matches(row.code().equals("EntryNotFound") ? "[0-9a-f]{40}" : "");
    }

    @Test
    void aRangeBehindTheEndTellsTheSize() {
        for (String method : List.of("GET", "HEAD")) {
            HttpResponse<String> answer =
                    callAs(ALICE, method, "/errors/plain/resolve/main/a.txt", "", "Range", "bytes=4-");
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
            assertThat(header(answer, "X-Error-Message")).isEqualTo(WHO);
        }
    }
}
