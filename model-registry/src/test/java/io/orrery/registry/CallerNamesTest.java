package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import tools.jackson.databind.JsonNode;

/** Who wrote something is shown as people call them, while rights go by the ids of keys. */
class CallerNamesTest extends RunningRegistry {
    private String repo = "";
    private String discussions = "";

    @BeforeEach
    void repository(TestInfo test) {
        repo = "lab/" + test.getTestMethod().orElseThrow().getName();
        discussions = "/api/models/" + repo + "/discussions";
        alice().createRepo(RepoType.MODEL, repo, false, false);
    }

    @Test
    void authorsOfCommitsAreShownAsPeopleCallTheirKeys() {
        String key = "key_commits";
        assertThat(commit(Tokens.of(key, "lab", Scope.MODELS_READ, Scope.MODELS_WRITE))
                        .statusCode())
                .isEqualTo(200);
        assertThat(newestAuthor()).as("while no name is known").isEqualTo(key);
        assertThat(commit(named(key, "ada")).statusCode()).isEqualTo(200);
        JsonNode history = json(get("/api/models/" + repo + "/commits/main"));
        assertThat(history.at("/0/authors/0/user").asString()).isEqualTo("ada");
        assertThat(history.at("/1/authors/0/user").asString())
                .as("of a commit from before the name was known")
                .isEqualTo("ada");
        assertThat(history.at("/2/authors/0/user").asString())
                .as("of a key without a name")
                .isEqualTo("alice");
        commit(named(key, "ada lovelace"));
        assertThat(newestAuthor()).as("after the key got another name").isEqualTo("ada lovelace");
    }

    @Test
    void authorsInDiscussionsAreShownAndFoundAsPeopleCallTheirKeys() {
        String grace = named("key_grace", "grace");
        HttpResponse<String> opened =
                callAs(grace, "POST", discussions, "{\"title\":\"Bug\",\"description\":\"A moth\"}");
        assertThat(opened.statusCode()).isEqualTo(200);
        HttpResponse<String> said = callAs(grace, "POST", discussions + "/1/comment", "{\"comment\":\"Found it\"}");
        assertThat(json(said).at("/newMessage/author/name").asString()).isEqualTo("grace");
        JsonNode details = json(get(discussions + "/1"));
        assertThat(details.at("/author/name").asString()).isEqualTo("grace");
        assertThat(details.at("/events/1/author/name").asString()).isEqualTo("grace");
        assertThat(json(get(discussions)).at("/discussions/0/author/name").asString())
                .isEqualTo("grace");
        for (String author : new String[] {"grace", "key_grace"}) {
            assertThat(json(get(discussions + "?author=" + author))
                            .path("count")
                            .asInt())
                    .as(author)
                    .isOne();
        }
        assertThat(json(get(discussions + "?author=nobody")).path("count").asInt())
                .isZero();
    }

    @Test
    void anotherKeyOfTheSameNameHasNotTheRightsOfTheFirst() {
        callAs(named("key_first", "sam"), "POST", discussions, "{\"title\":\"Mine\",\"description\":\"words\"}");
        String id = json(get(discussions + "/1")).at("/events/0/id").asString();
        String edit = discussions + "/1/comment/" + id + "/edit";
        String body = "{\"content\":\"other words\"}";
        assertThat(callAs(named("key_second", "sam"), "POST", edit, body).statusCode())
                .isEqualTo(403);
        assertThat(callAs(named("key_first", "sam"), "POST", edit, body).statusCode())
                .isEqualTo(200);
    }

    private static String named(String key, String name) {
        return Tokens.named(key, name, Scope.MODELS_READ, Scope.MODELS_WRITE);
    }

    private String newestAuthor() {
        return json(get("/api/models/" + repo + "/commits/main"))
                .at("/0/authors/0/user")
                .asString();
    }

    private HttpResponse<String> commit(String token) {
        return callAs(
                token,
                "POST",
                "/api/models/" + repo + "/commit/main",
                "{\"key\":\"header\",\"value\":{\"summary\":\"Add\"}}\n"
                        + "{\"key\":\"file\",\"value\":{\"path\":\"a.txt\",\"content\":\"x"
                        + System.nanoTime() + "\",\"encoding\":\"utf-8\"}}\n");
    }
}
