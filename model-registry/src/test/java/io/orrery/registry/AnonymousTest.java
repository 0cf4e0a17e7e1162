package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller without a key may do, for whom the gateway sends a token that names nobody. */
class AnonymousTest extends RunningRegistry {
    private static final String NOBODY = Tokens.of(ServiceToken.ANONYMOUS, null, Scope.MODELS_READ);

    @BeforeEach
    void repositories() {
        alice().createRepo(RepoType.MODEL, "lab/open", false, true);
        alice().createRepo(RepoType.MODEL, "lab/closed", true, true);
    }

    @Test
    void publicRepositoriesAreReadByAnybody() {
        for (String path : new String[] {
            "/api/models/lab/open", "/api/models/lab/open/tree/main", "/lab/open/resolve/main/.gitattributes"
        }) {
            assertThat(ask("GET", path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(ask("GET", "/api/models?author=lab").body())
                .contains("lab/open")
                .doesNotContain("lab/closed");
    }

    @Test
    void privateAndMissingRepositoriesAreToldApartByNobody() {
        for (String path : new String[] {
            "/api/models/lab/closed",
            "/api/models/lab/nowhere",
            "/lab/closed/resolve/main/.gitattributes",
            "/api/models/lab/closed/auth-check"
        }) {
            HttpResponse<String> answer = ask("GET", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(header(answer, "X-Error-Code")).as(path).isEqualTo("RepoNotFound");
            assertThat(header(answer, "X-Error-Message")).isEqualTo("Invalid username or password.");
        }
        HttpResponse<String> missing = ask("HEAD", "/lab/open/resolve/main/nope");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(header(missing, "X-Error-Code")).isEqualTo("EntryNotFound");
    }

    @Test
    void ofAGatedRepositoryOnlyTheNamesOfFilesAreSeen() {
        call("PUT", "/api/models/lab/open/settings", "{\"gated\":\"auto\"}");

        assertThat(ask("GET", "/api/models/lab/open/tree/main").statusCode()).isEqualTo(200);
        HttpResponse<String> file = ask("HEAD", "/lab/open/resolve/main/.gitattributes");
        assertThat(file.statusCode()).isEqualTo(401);
        assertThat(header(file, "X-Error-Code")).isEqualTo("GatedRepo");
        assertThat(header(file, "X-Error-Message")).contains("is restricted").contains("Please log in.");
        assertThat(ask("GET", "/api/models/lab/open/xet-read-token/main").statusCode())
                .isEqualTo(401);
    }

    @Test
    void nothingIsChangedByNobody() {
        String batch = "{\"operation\":\"upload\",\"objects\":[{\"oid\":\"" + "0".repeat(64) + "\",\"size\":1}]}";
        assertThat(ask("POST", "/lab/open.git/info/lfs/objects/batch", batch).statusCode())
                .isEqualTo(401);
        for (String path :
                new String[] {"/lab/open/ask-access", "/api/models/lab/open/like", "/api/models/lab/open/discussions"
                }) {
            assertThat(ask("POST", path, "{\"title\":\"t\"}").statusCode())
                    .as(path)
                    .isEqualTo(401);
            assertThat(ask("GET", "/api/models/lab/open/discussions?p=0").body())
                    .doesNotContain("\"title\"");
        }
        assertThat(json(get("/api/models/lab/open")).path("likes").asInt()).isZero();
    }

    private HttpResponse<String> ask(String method, String path) {
        return ask(method, path, "");
    }

    private HttpResponse<String> ask(String method, String path, String body) {
        return callAs(NOBODY, method, path, body);
    }
}
