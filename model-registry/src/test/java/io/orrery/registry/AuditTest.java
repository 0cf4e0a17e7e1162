package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import io.orrery.registry.audit.AuditEvent;
import io.orrery.registry.background.Loop;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

class AuditTest extends RunningRegistry {
    @Autowired
    ApplicationEventPublisher events;

    @Autowired
    TransactionTemplate transactions;

    @Autowired
    @Qualifier("auditLoop")
    Loop auditLoop;

    @Test
    void whoDidWhatIsThereNewestFirst() {
        alice().createRepo(RepoType.MODEL, "audit/told", false, false);
        CommitResult made =
                alice().commit("audit/told", RepoType.MODEL, "main", "Add a", List.of(Upload.text("a.txt", "a")));
        call("POST", "/api/models/audit/told/tag/main", "{\"tag\":\"v1\"}");
        client("bob", Scope.MODELS_READ, Scope.MODELS_WRITE).deleteRepo(RepoType.MODEL, "audit/told");

        JsonNode log = json(audit("repo=AUDIT/told"));
        assertThat(log.valueStream().map(line -> line.path("action").asString()))
                .containsExactly("deleted", "ref.changed", "committed", "committed", "created");
        assertThat(log.path(0).path("actor").asString()).isEqualTo("bob");
        assertThat(log.path(1).path("details").path("ref").asString()).isEqualTo("refs/tags/v1");
        assertThat(log.path(2).path("details").path("commit").path("oid").asString())
                .isEqualTo(made.commitOid());
        assertThat(log.path(2).path("details").path("commit").path("title").asString())
                .isEqualTo("Add a");
        assertThat(log.path(2).path("type").asString()).isEqualTo("model");
        assertThat(log.path(2).path("repoId").asString()).matches("[0-9a-f]{24}");
        assertThat(json(audit("repo=audit/told&actor=bob"))).hasSize(1);
        assertThat(json(audit("repo=audit/told&action=committed"))).hasSize(2);
        assertThat(json(audit("repo=audit/told&type=dataset"))).isEmpty();
        assertThat(json(audit("repo=audit/told&since=2100-01-01T00:00:00Z"))).isEmpty();
        assertThat(audit("since=yesterday").statusCode()).isEqualTo(400);
    }

    @Test
    void thePagesOfTheLogAreLinked() {
        alice().createRepo(RepoType.MODEL, "audit/paged", false, false);
        HttpResponse<String> first = audit("repo=audit/paged&limit=1");
        String next = header(first, "Link").replaceAll("<http://[^/]+([^>]+)>.*", "$1");
        HttpResponse<String> second = callAs(root(), "GET", next, "");
        assertThat(json(first).path(0).path("action").asString()).isEqualTo("committed");
        assertThat(json(second).path(0).path("action").asString()).isEqualTo("created");
        assertThat(header(second, "Link")).isEmpty();
    }

    @Test
    void onlyAnAdministratorReadsTheLog() {
        assertThat(get("/api/audit").statusCode()).isEqualTo(403);
    }

    @Test
    void whatIsRolledBackWasNotDone() {
        AuditEvent grant = AuditEvent.of("root", "test.granted", Map.of("to", "bob"));
        transactions.executeWithoutResult(status -> {
            events.publishEvent(grant);
            status.setRollbackOnly();
        });
        assertThat(json(audit("action=test.granted"))).isEmpty();
        events.publishEvent(grant);
        assertThat(json(audit("action=test.granted"))
                        .path(0)
                        .path("details")
                        .path("to")
                        .asString())
                .isEqualTo("bob");
    }

    @Test
    void aLineIsNeitherChangedNorDeletedButByItsAge() {
        jdbc.sql("insert into audit (at, actor, action, details) values (now() - interval '4 years', 'old',"
                        + " 'test.old', '{}')")
                .update();
        events.publishEvent(AuditEvent.of("new", "test.new", Map.of()));
        for (String change : List.of(
                "update audit set actor = 'nobody' where action = 'test.old'",
                "delete from audit where action = 'test.old'",
                "truncate audit")) {
            assertThatThrownBy(() -> jdbc.sql(change).update())
                    .as(change)
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("only grows");
        }
        auditLoop.stop();
        auditLoop.start();
        eventually(() -> json(audit("action=test.old")).isEmpty());
        assertThat(json(audit("action=test.new"))).hasSize(1);
    }

    private HttpResponse<String> audit(String query) {
        return callAs(root(), "GET", "/api/audit?" + query, "");
    }

    private static String root() {
        return Tokens.of("root", "lab", Scope.ADMIN);
    }
}
