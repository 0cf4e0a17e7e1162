package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ClientReportsTest extends RunningRegistry {
    private static final String ADMIN = Tokens.of("root", "lab", Scope.ADMIN);
    private static final String PATH = "/api/_conformance";

    @Test
    void theLastReportOfAVersionIsTold() {
        assertThat(report("battery-a", "1.0", "{\"name\":\"upload\",\"outcome\":\"failed\",\"says\":\"500\"}"))
                .isEqualTo(204);
        assertThat(report(
                        "battery-a",
                        "1.0",
                        "{\"name\":\"upload\",\"outcome\":\"passed\"},{\"name\":\"xet\",\"outcome\":\"skipped\"}"))
                .isEqualTo(204);
        assertThat(report("battery-a", "2.0", "{\"name\":\"upload\",\"outcome\":\"failed\",\"says\":\"500\"}"))
                .isEqualTo(204);

        JsonNode first = told("battery-a", "1.0");
        assertThat(first.path("passed").asInt()).isEqualTo(1);
        assertThat(first.path("failed").asInt()).isZero();
        assertThat(first.path("skipped").asInt()).isEqualTo(1);
        assertThat(first.path("cases").path(0).path("name").asString()).isEqualTo("upload");
        JsonNode second = told("battery-a", "2.0");
        assertThat(second.path("failed").asInt()).isEqualTo(1);
        assertThat(second.path("cases").path(0).path("says").asString()).isEqualTo("500");
    }

    @Test
    void onlyAdministratorsReport() {
        assertThat(call("POST", PATH, body("battery-b", "1", "{\"name\":\"a\",\"outcome\":\"passed\"}"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aReportThatIsNoneIsRefused() {
        assertThat(report("battery-c", "1", "")).isEqualTo(400);
        assertThat(report("battery-c", "1", "{\"name\":\"a\",\"outcome\":\"great\"}"))
                .isEqualTo(400);
        assertThat(report("battery-c", "<b>", "{\"name\":\"a\",\"outcome\":\"passed\"}"))
                .isEqualTo(400);
        assertThat(report("battery-c", "1", "{\"name\":\"" + "a".repeat(1001) + "\",\"outcome\":\"passed\"}"))
                .isEqualTo(400);
        assertThat(report(
                        "battery-c",
                        "1",
                        String.join(",", Collections.nCopies(501, "{\"name\":\"a\",\"outcome\":\"passed\"}"))))
                .isEqualTo(400);
    }

    private JsonNode told(String client, String version) {
        return json(get(PATH))
                .path("clients")
                .valueStream()
                .filter(one -> one.path("client").asString().equals(client)
                        && one.path("version").asString().equals(version))
                .reduce((one, other) -> {
                    throw new AssertionError("told twice: " + one + " and " + other);
                })
                .orElseThrow();
    }

    private int report(String client, String version, String cases) {
        return callAs(ADMIN, "POST", PATH, body(client, version, cases)).statusCode();
    }

    private static String body(String client, String version, String cases) {
        return "{\"client\":\"" + client + "\",\"version\":\"" + version + "\",\"cases\":[" + cases + "]}";
    }
}
