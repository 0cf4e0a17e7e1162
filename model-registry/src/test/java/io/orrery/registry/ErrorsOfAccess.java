package io.orrery.registry;

import static io.orrery.registry.ErrorRow.ALICE;
import static io.orrery.registry.ErrorRow.BOB;
import static io.orrery.registry.ErrorRow.HEADER;
import static io.orrery.registry.ErrorRow.NOBODY;
import static io.orrery.registry.ErrorRow.READER;
import static io.orrery.registry.ErrorRow.row;

import io.orrery.api.identity.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is missing, hidden, gated, taken down or forbidden. */
final class ErrorsOfAccess {
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

    private ErrorsOfAccess() {}

    static Stream<ErrorRow> all() {
        return Stream.of(missingRepositories(), missingRevisions(), missingEntries(), gated(), disabled(), forbidden())
                .flatMap(List::stream);
    }

    private static List<ErrorRow> missingRepositories() {
        List<ErrorRow> rows = new ArrayList<>();
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

    private static List<ErrorRow> missingRevisions() {
        List<ErrorRow> rows = new ArrayList<>();
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

    private static List<ErrorRow> missingEntries() {
        List<ErrorRow> rows = new ArrayList<>();
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

    private static List<ErrorRow> gated() {
        List<ErrorRow> rows = new ArrayList<>();
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

    private static List<ErrorRow> disabled() {
        List<ErrorRow> rows = new ArrayList<>();
        Stream.of(TOLD, GIVEN, WRITTEN, ASKED)
                .flatMap(List::stream)
                .forEach(route -> rows.add(row("taken down", ALICE, route, "errors/disabled", 403, "", DISABLED)));
        Stream.of(TOLD, GIVEN)
                .flatMap(List::stream)
                .forEach(route ->
                        rows.add(row("taken down, nobody", NOBODY, route, "errors/disabled", 403, "", DISABLED)));
        return rows;
    }

    private static List<ErrorRow> forbidden() {
        List<ErrorRow> rows = new ArrayList<>();
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
}
