package io.orrery.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.admin.AdminKeysApi;
import io.orrery.api.admin.ApiKey;
import io.orrery.api.admin.ApiKeyList;
import io.orrery.api.admin.NewKey;
import io.orrery.gateway.RunningGateway;
import io.orrery.gateway.key.Keys;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** Client and gateway share one interface. */
class KeyManagementTest extends RunningGateway {
    @Autowired
    JdbcClient jdbc;

    @Autowired
    Keys keys;

    @Test
    void aKeyIsShownOnceAndListedWithoutItsSecret() {
        ApiKey made = client().create(new NewKey("alice's laptop", "astro", List.of("inference"), 4102444800L));

        assertThat(made.key()).matches("hf_[A-Za-z0-9]{34}").startsWith(made.prefix());
        assertThat(made.project()).isEqualTo("astro");
        assertThat(made.scopes()).containsExactly("inference");
        assertThat(made.expiresAt()).isEqualTo(4102444800L);

        ApiKey listed = client().list(1, "").data().getFirst();
        assertThat(listed.id()).isEqualTo(made.id());
        assertThat(listed.key()).isNull();
        assertThat(get("/v1/admin/keys").body()).doesNotContain(made.key()).contains(made.prefix());
        assertThat(client().get(made.id())).isEqualTo(listed);
    }

    @Test
    void theDatabaseHoldsNoSecret() {
        ApiKey made = client().create(new NewKey("x", null, null, null));

        List<String> rows = jdbc.sql("select row_to_json(k)::text from gateway.api_key k")
                .query(String.class)
                .list();
        assertThat(rows)
                .isNotEmpty()
                .noneMatch(row -> row.contains(made.key()))
                .noneMatch(row -> row.contains(ADMIN_KEY));
    }

    @Test
    void theBootstrapKeyIsPutInOnceHoweverOftenTheGatewayStarts() {
        keys.afterSingletonsInstantiated();

        assertThat(client().list(1000, "").data().stream()
                        .filter(key -> key.prefix().equals(ADMIN_KEY.substring(0, 8))))
                .singleElement()
                .satisfies(key -> assertThat(key.scopes()).contains("admin", "inference", "models:write"));
    }

    @Test
    void whatIsLeftOutHasDefaults() {
        ApiKey made = client().create(new NewKey("x", null, null, null));

        assertThat(made.project()).isEqualTo("lab");
        assertThat(made.scopes())
                .containsExactlyInAnyOrder("models:read", "models:write", "inference", "tune:read", "tune:write");
        assertThat(made.expiresAt()).isNull();
        assertThat(get("/v1/admin/keys/" + made.id()).body())
                .contains("\"revoked_at\":null")
                .doesNotContain("\"key\":");
    }

    @Test
    void pagesFollowEachOther() {
        ApiKey first = client().create(new NewKey("one", null, null, null));
        ApiKey second = client().create(new NewKey("two", null, null, null));
        ApiKey third = client().create(new NewKey("three", null, null, null));

        ApiKeyList page = client().list(2, "");
        assertThat(page.data()).extracting(ApiKey::id).containsExactly(third.id(), second.id());
        assertThat(page.hasMore()).isTrue();
        assertThat(client().list(1, second.id()).data()).extracting(ApiKey::id).containsExactly(first.id());
    }

    @Test
    void aRevokedKeyStaysInTheListAsRevoked() {
        ApiKey made = client().create(new NewKey("x", null, null, null));

        assertThat(client().revoke(made.id()).deleted()).isTrue();
        assertThat(client().get(made.id()).revokedAt()).isNotNull();
    }

    @Test
    void aKeyCannotRevokeItself() {
        String own = client().list(1000, "").data().stream()
                .filter(key -> key.name().equals("bootstrap"))
                .findFirst()
                .orElseThrow()
                .id();

        assertThatThrownBy(() -> client().revoke(own))
                .isInstanceOf(HttpClientErrorException.Conflict.class)
                .hasMessageContaining("cannot revoke itself");
        assertThat(get("/v1/admin/keys").statusCode()).isEqualTo(200);
    }

    @Test
    void anUnknownKeyIsAProblem() {
        HttpResponse<String> answer = get("/v1/admin/keys/key_none");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(JSON.readTree(answer.body()).get("detail").asString())
                .isEqualTo("There is no key with the id key_none.");
        assertThat(JSON.readTree(answer.body()).get("code").asString()).isEqualTo("key_not_found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|name is missing",
                "{\"name\":\" \"}|name has 0 characters",
                "{\"name\":\"x\",\"scopes\":[\"models:read\",\"root\"]}|scopes holds \"root\", which is none of models:read,",
                "{\"name\":\"x\",\"scopes\":[]}|scopes is empty",
                "{\"name\":\"x\",\"project\":\"a b\"}|project is \"a b\"",
                "{\"name\":\"x\",\"expires_at\":1000}|expires_at is 1000 (1970-01-01T00:16:40Z), which is past",
                "{\"name\":\"x\",\"rpm\":7}|The field \"rpm\" is not known",
                "{\"name\":\"x\",\"expires_at\":\"soon\"}|The body is not what a new key looks like",
                "[|The body is not what a new key looks like",
                "''|The body is missing",
            })
    void nonsenseIsRefusedByName(String body, String detail) {
        HttpResponse<String> answer = post("/v1/admin/keys", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).get("detail").asString()).contains(detail);
    }

    private AdminKeysApi client() {
        RestClient http = RestClient.builder()
                .baseUrl("http://localhost:" + port)
                .defaultHeader("Authorization", "Bearer " + ADMIN_KEY)
                .build();
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(http))
                .build()
                .createClient(AdminKeysApi.class);
    }
}
