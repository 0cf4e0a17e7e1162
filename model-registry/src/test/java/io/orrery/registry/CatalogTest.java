package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Lists of repositories, by what one asks for and page by page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogTest extends RunningRegistry {
    private static final int MANY = 5_000;
    private static final String BOB = Tokens.of("bob", "elsewhere", Scope.MODELS_READ);

    /** Every seventh is private, every fifth gated; two have each moment of their making. */
    @BeforeAll
    void manyRepositories() {
        jdbc.sql("insert into git_tree (oid, content) values (repeat('5', 40), '') on conflict do nothing")
                .update();
        jdbc.sql("""
            with made as (
                insert into repo (public_id, type, name, is_private, owner, project, created_at, updated_at, gated)
                select lpad(to_hex(i), 24, '0'), 'MODEL', 'many' || i % 10 || '/Model-' || i || '_x', i % 7 = 0, 'zoe', 'zoo',
                    timestamptz '2020-01-01' + i / 2 * interval '1 second', timestamptz '2021-01-01' - i * interval '1 minute',
                    case when i % 5 = 0 then 'auto' end
                from generate_series(0, :many - 1) i returning id, name
            ), written as (
                insert into git_commit (repo_id, oid, tree_oid, generation, title, description, author, committed_at)
                select id, md5(name) || '00000000', repeat('5', 40), 0, 't', '', 'zoe', '2020-01-01' from made
                returning repo_id, oid
            ), facts as (
                insert into commit_facts (repo_id, commit_oid, tags, pipeline_tag, facts, version)
                select repo_id, oid, array['many', case when repo_id % 2 = 0 then 'en' else 'license:mit' end],
                    'text-generation', '{"cardData": {"license": "mit"}, "config": {"model_type": "x"}}', 1000
                from written
            )
            insert into git_ref (repo_id, name, target) select repo_id, 'refs/heads/main', oid from written\
            """).param("many", MANY).update();
    }

    @AfterAll
    void fewAgain() {
        jdbc.sql("delete from repo where owner = 'zoe'").update();
    }

    @Test
    void pagesOfAnySortHoldEveryRepositoryOnce() {
        for (String sort : List.of("", "createdAt", "lastModified", "downloads", "likes", "trendingScore", "_id")) {
            for (String direction : List.of("-1", "1")) {
                List<String> ids =
                        ids("/api/models?author=many3&limit=150&direction=" + direction + "&sort=" + sort, BOB);
                assertThat(ids)
                        .as(sort + direction)
                        .hasSize(MANY / 10 * 6 / 7 + 1)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void aPageBeginsWhereTheOneBeforeEndedThoughOthersWereMadeMeanwhile() {
        HttpResponse<String> first = get("/api/models?search=many&sort=createdAt&limit=2&expand=createdAt");
        String next = nextPage(first);
        assertThat(next).startsWith("/api/models?search=many&sort=createdAt&limit=2&expand=createdAt&cursor=");
        alice().createRepo(RepoType.MODEL, "lab/many-more", false, true);
        assertThat(json(get("/api/models?search=many&sort=createdAt&limit=1"))
                        .at("/0/id")
                        .asString())
                .isEqualTo("lab/many-more");
        List<String> moments = new ArrayList<>();
        for (HttpResponse<String> page : List.of(first, get(next))) {
            json(page).forEach(info -> moments.add(info.path("createdAt").asString()));
        }
        assertThat(moments).hasSize(4).isSortedAccordingTo(Comparator.reverseOrder());
        alice().deleteRepo(RepoType.MODEL, "lab/many-more");
    }

    @Test
    void anyPageOfFiveThousandComesWithinASecond() {
        int pages = 0;
        int seen = 0;
        String page = "/api/models?search=many&limit=1000&sort=likes";
        while (!page.isEmpty()) {
            long start = System.nanoTime();
            HttpResponse<String> answer =
                    callAs(Tokens.of("root", "x", Scope.MODELS_READ, Scope.ADMIN), "GET", page, "");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
            seen += json(answer).size();
            pages++;
            page = nextPage(answer);
        }
        assertThat(pages).isEqualTo(5);
        assertThat(seen).isEqualTo(MANY);
    }

    @Test
    void whatIsSearchedForAreWordsOfTheName() {
        assertThat(ids("/api/models?search=MODEL-4999_", BOB)).containsExactly("many9/Model-4999_x");
        assertThat(ids("/api/models?search=499_x%20many9", BOB))
                .containsExactlyInAnyOrder(
                        "many9/Model-499_x", "many9/Model-1499_x", "many9/Model-3499_x", "many9/Model-4499_x");
        assertThat(ids("/api/models?search=many%25", BOB)).isEmpty();
        assertThat(ids("/api/models?search=Model_4999", BOB)).isEmpty();
        assertThat(ids("/api/models?search=Model-14", BOB))
                .contains("many4/Model-1424_x")
                .doesNotContain("many4/Model-14_x");
        assertThat(ids("/api/models?author=nobody-of-this-name", BOB)).isEmpty();
    }

    /** With a hundred times as many a scan of all names would be noticed. */
    @Test
    void partsOfNamesAreInAnIndex() {
        assertThat(jdbc.sql("select indexdef from pg_indexes where indexname = 'repo_name_parts' and schemaname ="
                                + " 'registry'")
                        .query(String.class)
                        .single())
                .contains("gin_trgm_ops");
    }

    @Test
    void filtersAreAllHeldTo() {
        String all = "/api/models?author=many1&limit=1000";
        int english = ids(all + "&filter=en", BOB).size();
        int licensed = ids(all + "&filter=license:mit", BOB).size();
        assertThat(english + licensed).isEqualTo(ids(all, BOB).size());
        assertThat(ids(all + "&filter=language:en&filter=many", BOB)).hasSize(english);
        assertThat(ids(all + "&filter=en&filter=license:mit", BOB)).isEmpty();
        assertThat(ids(all + "&library=many&pipeline_tag=text-generation", BOB)).hasSize(english + licensed);
        assertThat(ids("/api/models?author=many5&gated=true", BOB)).hasSize(429);
        assertThat(ids("/api/models?author=many5&gated=False", BOB)).isEmpty();
        assertThat(ids(all + "&inference=warm&inference_provider=all&apps=ollama", BOB))
                .hasSize(english + licensed);
    }

    @Test
    void whatIsBulkyIsShownToThoseWhoAsk() {
        String one = "/api/models?search=Model-4999_x";
        assertThat(json(get(one)).get(0).propertyNames())
                .contains("sha", "tags", "likes", "downloads", "pipeline_tag")
                .doesNotContain("cardData", "config", "siblings");
        assertThat(json(get(one + "&cardData=True")).at("/0/cardData/license").asString())
                .isEqualTo("mit");
        assertThat(json(get(one + "&config=true")).at("/0/config/model_type").asString())
                .isEqualTo("x");
        assertThat(json(get(one + "&full=true")).get(0).propertyNames()).contains("cardData", "config", "siblings");
        assertThat(json(get(one + "&expand[]=trendingScore&expand[]=gated&expand=unheardOf"))
                        .get(0)
                        .propertyNames())
                .containsExactlyInAnyOrder("_id", "id", "modelId", "trendingScore", "gated");
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        String next = nextPage(get("/api/models?search=many&sort=likes&limit=1"));
        assertThat(get(next).statusCode()).isEqualTo(200);
        for (String other :
                List.of(next.replace("likes", "createdAt"), "/api/models?cursor=eHh4", "/api/models?cursor=%25")) {
            assertThat(get(other).statusCode()).as(other).isEqualTo(400);
        }
        assertThat(get("/api/models?sort=size").body()).contains("Unknown sort 'size'");
        assertThat(get("/api/models?limit=0").statusCode()).isEqualTo(400);
    }

    @Test
    void likesAreCountedAndListed() {
        alice().createRepo(RepoType.DATASET, "likes/a", false, true);
        alice().createRepo(RepoType.DATASET, "likes/b", true, true);
        for (String repo : List.of("a", "a", "b")) {
            assertThat(call("POST", "/api/datasets/likes/" + repo + "/like", "").statusCode())
                    .isEqualTo(200);
        }
        callAs(BOB, "POST", "/api/datasets/likes/a/like", "");
        assertThat(json(get("/api/datasets/likes/a")).path("likes").asInt()).isEqualTo(2);
        JsonNode list = json(get("/api/datasets?author=likes&sort=likes&expand=likes"));
        assertThat(list.valueStream().map(info -> info.path("id").asString() + info.path("likes")))
                .containsExactly("likes/a2", "likes/b1");
        HttpResponse<String> likers = get("/api/datasets/likes/a/likers?limit=1");
        assertThat(json(likers).at("/0/user").asString()).isEqualTo("bob");
        assertThat(json(get(nextPage(likers))).at("/0/user").asString()).isEqualTo("alice");
        assertThat(get("/api/users/alice/likes").body())
                .contains("\"repo\":{\"name\":\"likes/b\",\"type\":\"dataset\"}", "\"likes/a\"");
        assertThat(callAs(BOB, "GET", "/api/users/alice/likes", "").body())
                .contains("likes/a")
                .doesNotContain("likes/b");
        assertThat(callAs(BOB, "DELETE", "/api/datasets/likes/a/like", "").statusCode())
                .isEqualTo(200);
        assertThat(json(get("/api/datasets/likes/a")).path("likes").asInt()).isEqualTo(1);
        assertThat(callAs(BOB, "POST", "/api/datasets/likes/b/like", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aSpaceTellsItsKitAndARepositoryItsDescription() {
        alice().commit(new CommitRequest(
                        RepoType.SPACE,
                        "catalog/page",
                        "main",
                        "m",
                        List.of(Upload.text("README.md", "---\nsdk: gradio\n---\n")))
                .creatingRepository());
        call("PUT", "/api/spaces/catalog/page/settings", "{\"description\":\"a page\"}");
        for (JsonNode info : List.of(
                json(get("/api/spaces/catalog/page")),
                json(get("/api/spaces?author=catalog")).get(0),
                json(get("/api/spaces?author=catalog&expand=sdk&expand=description"))
                        .get(0))) {
            assertThat(info.path("sdk").asString()).isEqualTo("gradio");
            assertThat(info.path("description").asString()).isEqualTo("a page");
        }
    }

    private List<String> ids(String address, String token) {
        List<String> ids = new ArrayList<>();
        for (String page = address; !page.isEmpty(); ) {
            HttpResponse<String> answer = callAs(token, "GET", page, "");
            assertThat(answer.statusCode()).as(page + ": " + answer.body()).isEqualTo(200);
            json(answer).forEach(info -> ids.add(info.path("id").asString()));
            page = nextPage(answer);
        }
        return ids;
    }
}
