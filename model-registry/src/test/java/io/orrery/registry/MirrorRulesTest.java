package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

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
    void picklesOfAnotherHubAreRefusedWhereTheRuleBlocksThem() throws Exception {
        publish(
                repo,
                Upload.text("config.json", "config of " + repo),
                Upload.text("pytorch_model.bin", "weights of " + repo),
                Upload.text("old.pt", "old of " + repo));
        assertThat(text(mirrored("/" + repo + "/resolve/main/old.pt")))
                .as("the other mirror flags pickles, and its database is the same")
                .isEqualTo("old of " + repo);
        upstream.requests.clear();
        try (ConfigurableApplicationContext strict = start(Map.of("orrery.registry.policy.pickle", "block"))) {
            String files = "http://127.0.0.1:" + strict.getEnvironment().getProperty("local.server.port") + "/" + repo
                    + "/resolve/main/";
            for (String pickle : new String[] {"pytorch_model.bin", "old.pt"}) {
                for (String method : new String[] {"GET", "HEAD"}) {
                    HttpResponse<String> refused = ask(method, files + pickle);
                    assertThat(refused.statusCode()).as(method + " " + pickle).isEqualTo(403);
                    assertThat(header(refused, "X-Error-Message")).contains(pickle + " is a pickle");
                }
            }
            assertThat(upstream.count("pytorch_model.bin")).isZero();
            assertThat(ask("GET", files + "config.json").body()).isEqualTo("config of " + repo);
        }
        assertThat(order("GET", "/api/audit?action=policy.blocked&repo=" + repo, "")
                        .body())
                .contains("pytorch_model.bin");
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

    private static HttpResponse<String> ask(String method, String address) throws IOException {
        HttpRequest.Builder request = request("/").uri(URI.create(address));
        return send(request.method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> as(String user, String path) throws IOException {
        return send(
                request(path, "Authorization", "Bearer " + Tokens.of(user, "elsewhere", Scope.MODELS_READ))
                        .build(),
                BodyHandlers.ofString());
    }
}
