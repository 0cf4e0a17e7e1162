package io.orrery.registry.catalog;

import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.inspection.Facts;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import io.orrery.registry.wire.NextPage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Answers with infos of repositories, one or many. */
@Component
class CatalogRoutes implements HubRoutes {
    /** What clients find even when they name the properties they want. */
    private static final Set<String> ALWAYS = Set.of("_id", "id", "modelId");

    /** What lists hold only for those who ask; it is the most of an info. */
    private static final List<String> ON_REQUEST = List.of("cardData", "config");

    private final Repos repos;
    private final Revisions revisions;
    private final Trees trees;
    private final Facts facts;
    private final Catalog catalog;
    private final InfoProperties properties;
    private final JsonMapper json;

    CatalogRoutes(
            Repos repos,
            Revisions revisions,
            Trees trees,
            Facts facts,
            Catalog catalog,
            InfoProperties properties,
            JsonMapper json) {
        this.repos = repos;
        this.revisions = revisions;
        this.trees = trees;
        this.facts = facts;
        this.catalog = catalog;
        this.properties = properties;
        this.json = json;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/api/{type}", this::list),
                HubRoute.read(HttpMethod.GET, "/api/{type}/{repo}", call -> info(call, "HEAD")),
                HubRoute.read(
                        HttpMethod.GET,
                        "/api/{type}/{repo}/revision",
                        call -> info(call, String.join("/", call.rest()))));
    }

    private ServerResponse info(HubCall call, String revision) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        Commit commit = revisions.resolve(repo, revision);
        RepoInfo info = Infos.info(
                repo,
                commit.oid(),
                facts.of(repo.id(), commit.oid()),
                Optional.of(trees.files(commit)),
                call.flag("blobs"));
        ObjectNode shown = shown(call, info);
        List<InfoProperty.Subject> subject = List.of(new InfoProperty.Subject(repo, commit.oid()));
        properties.add(shown, repo.id(), properties.of(call, subject));
        return ServerResponse.ok().body(shown);
    }

    private ServerResponse list(HubCall call) {
        boolean siblings = call.flag("full") || call.list("expand").contains("siblings");
        CatalogQuery query = CatalogQuery.of(call, NextPage.position(call), siblings);
        List<Catalog.Entry> found = catalog.list(query);
        List<Catalog.Entry> entries = found.subList(0, Math.min(query.limit(), found.size()));
        ServerResponse.BodyBuilder answer = ServerResponse.ok();
        if (found.size() > query.limit()) {
            Catalog.Entry last = entries.getLast();
            Position position =
                    new Position(query.order(), last.sortedBy(), last.repo().id());
            answer.header("Link", NextPage.link(call, position.text()));
        }
        return answer.body(page(call, entries, siblings));
    }

    private List<ObjectNode> page(HubCall call, List<Catalog.Entry> entries, boolean siblings) {
        Map<String, Map<Long, ?>> more = properties.of(
                call,
                entries.stream()
                        .map(entry -> new InfoProperty.Subject(entry.repo(), entry.sha()))
                        .toList());
        List<ObjectNode> page = new ArrayList<>();
        for (Catalog.Entry entry : entries) {
            Optional<Commit> commit =
                    siblings ? Optional.of(revisions.resolve(entry.repo(), entry.sha())) : Optional.empty();
            RepoInfo info = Infos.info(entry.repo(), entry.sha(), entry.facts(), commit.map(trees::files), false);
            ObjectNode shown = shown(call, info);
            if (call.list("expand").isEmpty() && !call.flag("full")) {
                ON_REQUEST.stream().filter(name -> !call.flag(name)).forEach(shown::remove);
            }
            properties.add(shown, entry.repo().id(), more);
            page.add(shown);
        }
        return page;
    }

    /** The whole, or the properties that were asked for. */
    private ObjectNode shown(HubCall call, RepoInfo info) {
        Set<String> wanted = new HashSet<>(call.list("expand"));
        ObjectNode tree = json.valueToTree(info);
        if (call.type() == RepoType.SPACE
                && info.cardData() != null
                && info.cardData().get("sdk") instanceof String sdk) {
            tree.put("sdk", sdk);
        }
        if (!wanted.isEmpty()) {
            wanted.addAll(ALWAYS);
            tree.retain(wanted);
        }
        return tree;
    }
}
