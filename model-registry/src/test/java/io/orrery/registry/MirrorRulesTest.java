package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of another hub may be had here, and by whom. */
class MirrorRulesTest extends MirroredRegistry {
    private static final String GATED = "GatedRepo";

    private String repo = "";

    @BeforeEach
    void name() {
        repo = "rules/" + UUID.randomUUID();
    }

    @AfterEach
    void onlyTheMirrorsTokenWentUp() {
        assertThat(upstream.strangers).isEmpty();
    }

    @Test
    void aFileThatARuleForbidsIsNeitherFetchedNorServed() throws Exception {
        publish(repo, Upload.text("a.forbidden-on-mirrors", "x"), Upload.text("b.txt", "b of " + repo));
        String file = "/" + repo + "/resolve/main/a.forbidden-on-mirrors";
        HttpResponse<byte[]> refused = mirrored(file);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(text(refused)).contains("a.forbidden-on-mirrors is refused by the rule forbidden");
        assertThat(head(file).statusCode()).isEqualTo(403);
        assertThat(mirrored("/" + repo + "/raw/main/a.forbidden-on-mirrors").statusCode())
                .isEqualTo(403);
        assertThat(upstream.count("forbidden-on-mirrors")).isZero();
        assertThat(text(mirrored("/" + repo + "/resolve/main/b.txt"))).isEqualTo("b of " + repo);
        assertThat(order("GET", "/api/audit?action=policy.blocked", "").body()).contains(repo);
    }

    @Test
    void aLicenceThatIsNotTakenIsKnownByTheCardBeforeAnythingIsFetched() throws Exception {
        publish(repo, Upload.text("README.md", "---\nlicense: denied-on-mirrors\n---\n"), Upload.text("b.txt", repo));
        HttpResponse<byte[]> refused = mirrored("/" + repo + "/resolve/main/b.txt");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(text(refused)).contains("the licence 'denied-on-mirrors'");
        assertThat(upstream.count("/resolve/")).isZero();
        publish(repo, Upload.text("README.md", "---\nlicense: mit\n---\n"));
        later();
        assertThat(text(mirrored("/" + repo + "/resolve/main/b.txt"))).isEqualTo(repo);
    }

    @Test
    void whatWasMirroredBeforeItsIdWasDeniedIsServedNoMore() throws Exception {
        publish(repo, Upload.text("b.txt", repo));
        assertThat(mirrored("/" + repo + "/resolve/main/b.txt").statusCode()).isEqualTo(200);
        String denied = "denied-on-mirrors/" + repo.substring(6);
        mirrorRows()
                .sql("update repo set name = :name where name = :repo")
                .param("name", denied)
                .param("repo", repo)
                .update();
        for (String path :
                new String[] {"/" + denied + "/resolve/main/b.txt", "/api/models/" + denied + "/tree/main"}) {
            HttpResponse<byte[]> refused = mirrored(path);
            assertThat(refused.statusCode()).as(path).isEqualTo(403);
            assertThat(text(refused)).as(path).contains("is not mirrored here");
        }
    }

    @Test
    void contentsOfAGatedRepositoryAreForThoseWhoWereLetIn() throws Exception {
        publish(repo, Upload.text("b.txt", "b of " + repo));
        assertThat(call("PUT", "/api/models/" + repo + "/settings", "{\"gated\":\"auto\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("POST", "/api/models/" + repo + "/user-access-request/grant", "{\"user\":\"mirror\"}")
                        .statusCode())
                .isEqualTo(200);
        String file = "/" + repo + "/resolve/main/b.txt";
        String requests = "/api/models/" + repo + "/user-access-request/";

        assertThat(mirrored("/api/models/" + repo).statusCode()).isEqualTo(200);
        assertGated(file);
        assertThat(post("POST", "/" + repo + "/ask-access", "").body()).contains("pending");
        assertGated(file);
        assertThat(upstream.count("/resolve/")).isZero();
        assertThat(post("POST", requests + "grant", "{\"user\":\"dora\"}").statusCode())
                .isEqualTo(403);

        assertThat(order("GET", requests + "pending", "").body()).contains("dora");
        assertThat(order("POST", requests + "grant", "{\"user\":\"dora\"}").statusCode())
                .isEqualTo(200);
        assertThat(text(mirrored(file))).isEqualTo("b of " + repo);
        assertThat(as("erin", file).statusCode()).isEqualTo(403);

        order("POST", requests + "handle", "{\"user\":\"dora\",\"status\":\"rejected\"}");
        assertGated(file);
        assertThat(order("POST", requests + "grant", "{\"user\":\"*\"}").statusCode())
                .isEqualTo(200);
        assertThat(text(mirrored(file))).isEqualTo("b of " + repo);
        assertThat(as("erin", file).statusCode()).isEqualTo(200);
        assertThat(upstream.count("/b.txt")).isEqualTo(1);
    }

    private static void assertGated(String file) throws IOException {
        HttpResponse<Void> refused = head(file);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(header(refused, "X-Error-Code")).isEqualTo(GATED);
        assertThat(mirrored(file).statusCode()).isEqualTo(403);
    }

    private static HttpResponse<String> as(String user, String path) throws IOException {
        return send(
                request(path, "Authorization", "Bearer " + Tokens.of(user, "elsewhere", Scope.MODELS_READ))
                        .build(),
                BodyHandlers.ofString());
    }
}
