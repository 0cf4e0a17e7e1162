package io.orrery.registry.catalog;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.inspection.CommitFacts;
import io.orrery.registry.inspection.Facts;
import io.orrery.registry.repository.Repo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Lists repositories by what their {@code main} says: a read-only view over the tables of repositories and facts. */
@Component
class Catalog {
    record Entry(Repo repo, String sha, Optional<CommitFacts> facts) {}

    private final JdbcClient jdbc;
    private final Facts facts;

    Catalog(JdbcClient jdbc, Facts facts) {
        this.jdbc = jdbc;
        this.facts = facts;
    }

    /** One more than the limit where there are more. */
    List<Entry> list(CatalogQuery query) {
        return jdbc.sql("""
            select r.*, m.target, f.*
            from repo r
            join git_ref m on m.repo_id = r.id and m.name = 'refs/heads/main'
            left join commit_facts f on f.repo_id = r.id and f.commit_oid = m.target
            left join download_total d on d.repo_id = r.id
            where r.type = :type
            and (not r.is_private or :all or r.owner = :caller or r.project = :project)
            and (cast(:search as text) is null or position(lower(:search) in lower(r.name)) > 0)
            and (cast(:author as text) is null or lower(split_part(r.name, '/', 1)) = lower(:author))
            and (cast(:pipeline as text) is null or f.pipeline_tag = :pipeline)
            and (cardinality(:tags::text[]) = 0 or f.tags @> :tags::text[])
            """ + Properties.SQL + "order by " + query.order().sql() + " limit :limit offset :offset")
                .param("type", query.type().name())
                .param("all", query.caller().seesEverything())
                .param("caller", query.caller().name())
                .param("project", query.caller().project().orElse(null))
                .param("search", query.search().orElse(null))
                .param("author", query.author().orElse(null))
                .param("pipeline", query.pipelineTag().orElse(null))
                .param("tags", query.filters().toArray(String[]::new))
                .params(query.properties().values())
                .param("limit", query.limit() + 1)
                .param("offset", query.offset())
                .query((row, number) -> entry(row))
                .list();
    }

    private Entry entry(ResultSet row) throws SQLException {
        Repo repo = new Repo(
                row.getLong("id"),
                row.getString("public_id"),
                RepoType.valueOf(row.getString("type")),
                row.getString("name"),
                row.getBoolean("is_private"),
                row.getString("owner"),
                Optional.ofNullable(row.getString("project")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getString("gated")),
                row.getBoolean("mirrored"));
        Optional<CommitFacts> known =
                row.getString("commit_oid") == null ? Optional.empty() : Optional.of(facts.read(row));
        return new Entry(repo, row.getString("target"), known);
    }
}
