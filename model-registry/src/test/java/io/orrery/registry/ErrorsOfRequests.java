package io.orrery.registry;

import static io.orrery.registry.ErrorRow.ALICE;
import static io.orrery.registry.ErrorRow.HEADER;
import static io.orrery.registry.ErrorRow.file;
import static io.orrery.registry.ErrorRow.row;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is malformed, too large, in conflict or unknown. */
final class ErrorsOfRequests {
    private ErrorsOfRequests() {}

    static Stream<ErrorRow> all() {
        return Stream.of(malformed(), tooLarge(), conflicts(), unknown()).flatMap(List::stream);
    }

    private static List<ErrorRow> malformed() {
        List<ErrorRow> rows = new ArrayList<>();
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

    private static List<ErrorRow> tooLarge() {
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

    private static List<ErrorRow> conflicts() {
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

    private static List<ErrorRow> unknown() {
        List<ErrorRow> rows = new ArrayList<>();
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
}
