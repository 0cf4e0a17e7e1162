package io.orrery.registry.catalog;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.inspection.CommitFacts;
import io.orrery.registry.inspection.Facts;
import io.orrery.registry.repository.Repo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Lists repositories by what their {@code main} says: a read-only view over the tables of repositories and facts. */
@Component
class Catalog {
    /** @param sortedBy the value that it has its place by */
    record Entry(Repo repo, String sha, Optional<CommitFacts> facts, String sortedBy) {}

    private final JdbcClient jdbc;
    private final Facts facts;

    Catalog(JdbcClient jdbc, Facts facts) {
        this.jdbc = jdbc;
        this.facts = facts;
    }

    /** One more than the limit where there are more. */
    List<Entry> list(CatalogQuery query) {
        Order order = query.order();
        Conditions conditions = query.conditions();
        query.after()
                .ifPresent(row -> conditions
                        .add(order.after(query.isDescending()), "afterValue", order.value(row.value()))
                        .values()
                        .put("afterId", row.id()));
        return jdbc.sql("select r.*, m.target, f.*, " + order.sql() + """
                         as sorted_by from repo r
                        join git_ref m on m.repo_id = r.id and m.name = 'refs/heads/main'
                        left join commit_facts f on f.repo_id = r.id and f.commit_oid = m.target
                        left join download_total d on d.repo_id = r.id
                        where\
                        """ + " " + conditions.sql() + "\n"
                        + order.by(query.isDescending()) + " limit :limit")
                .params(conditions.values())
                .param("limit", query.limit() + 1)
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
                row.getBoolean("mirrored"),
                row.getBoolean("discussions_disabled"),
                row.getBoolean("disabled"));
        Optional<CommitFacts> known =
                row.getString("commit_oid") == null ? Optional.empty() : Optional.of(facts.read(row));
        return new Entry(repo, row.getString("target"), known, sortedBy(row));
    }

    private static String sortedBy(ResultSet row) throws SQLException {
        return row.getObject("sorted_by") instanceof Timestamp at
                ? at.toInstant().toString()
                : row.getString("sorted_by");
    }
}
