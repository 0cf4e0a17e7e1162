package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VisibilityTest extends RunningRegistry {
    @BeforeEach
    void privateRepository() {
        alice().createRepo(RepoType.MODEL, "lab/hidden", true, true);
    }

    @Test
    void aPrivateRepositoryIsMissingToStrangers() {
        String stranger = Tokens.of("bob", "other", Scope.MODELS_READ, Scope.MODELS_WRITE);
        for (String path : new String[] {
            "/api/models/lab/hidden",
            "/api/models/lab/hidden/tree/main",
            "/lab/hidden/resolve/main/.gitattributes",
            "/api/models/lab/hidden/refs"
        }) {
            var answer = callAs(stranger, "GET", path, "");
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(header(answer, "X-Error-Code")).isEqualTo("RepoNotFound");
        }
        assertThat(callAs(stranger, "GET", "/api/models?search=hidden", "").body())
                .isEqualTo("[]");
        assertThat(callAs(stranger, "DELETE", "/api/repos/delete", "{\"name\":\"lab/hidden\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void itsProjectTheAdministratorAndThePlatformSeeIt() {
        for (String token : new String[] {
            Tokens.of("carol", "lab", Scope.MODELS_READ),
            Tokens.of("root", "other", Scope.MODELS_READ, Scope.ADMIN),
            Tokens.ofService("inference-service")
        }) {
            assertThat(callAs(token, "GET", "/api/models/lab/hidden", "").statusCode())
                    .isEqualTo(200);
            assertThat(callAs(token, "GET", "/api/models?search=hidden", "").body())
                    .contains("\"lab/hidden\"");
        }
        assertThat(callAs(Tokens.of("carol", "lab", Scope.MODELS_READ), "GET", "/api/models/lab/hidden", "")
                        .body())
                .contains("\"private\":true");
    }
}
