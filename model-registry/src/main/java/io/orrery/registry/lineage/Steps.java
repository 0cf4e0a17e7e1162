package io.orrery.registry.lineage;

import io.orrery.api.hub.RepoInfo.Ancestor;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.inspection.CommitInspected;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.RepoEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The rows of steps. A parent is known by its key once it is here, so that steps follow it when it is renamed. */
@Component
class Steps {
    private static final Pattern REPOSITORY = Pattern.compile("[\\w.-]{1,96}(/[\\w.-]{1,96})?");
    private static final int MAX_RELATION = 32;
    private static final int MAX_REVISION = 255;

    /** Steps of the newest commits of {@code main}, with the parents that are here. */
    private static final String NEWEST = """
        select e.*, coalesce(e.parent_id, p.id) as parent
        from lineage_edge e
        join git_ref m on m.repo_id = e.repo_id and m.name = 'refs/heads/main' and m.target = e.commit_oid
        left join repo p on e.parent_id is null and p.type = e.parent_type and lower(p.name) = lower(e.parent_name)
        """;

    private final JdbcClient jdbc;

    Steps(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void save(CommitInspected inspected) {
        jdbc.sql("delete from lineage_edge where repo_id = :repo and commit_oid = :commit")
                .param("repo", inspected.repo().id())
                .param("commit", inspected.commit().oid())
                .update();
        inspected.lineage().stream()
                .filter(ancestor -> REPOSITORY.matcher(ancestor.repo()).matches())
                .forEach(ancestor -> insert(inspected, ancestor));
    }

    private void insert(CommitInspected inspected, Ancestor ancestor) {
        RepoType type = ancestor.relation().equals("dataset") ? RepoType.DATASET : RepoType.MODEL;
        jdbc.sql("""
            insert into lineage_edge
                (repo_id, commit_oid, parent_type, parent_name, parent_id, relation, revision, source)
            values (:repo, :commit, :type, :name,
                (select id from repo where type = :type and lower(name) = lower(:name)),
                :relation, :revision, :source)
            on conflict do nothing\
            """)
                .param("repo", inspected.repo().id())
                .param("commit", inspected.commit().oid())
                .param("type", type.name())
                .param("name", ancestor.repo())
                .param("relation", cut(ancestor.relation(), MAX_RELATION))
                .param("revision", ancestor.revision() == null ? null : cut(ancestor.revision(), MAX_REVISION))
                .param("source", ancestor.source())
                .update();
    }

    /** Steps that were written before their parent was here know it from now on. */
    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void bind(RepoEvent.Created made) {
        Repo repo = made.repo();
        jdbc.sql("update lineage_edge set parent_id = :id"
                        + " where parent_id is null and parent_type = :type and lower(parent_name) = lower(:name)")
                .param("id", repo.id())
                .param("type", repo.type().name())
                .param("name", repo.name())
                .update();
    }

    /** From repositories to what they were made of. */
    List<Step> up(Collection<Long> children, int limit) {
        return list(jdbc.sql(
                        NEWEST + "where e.repo_id = any(:ids::bigint[]) order by e.repo_id, e.parent_name limit :limit")
                .param("ids", children.toArray(Long[]::new))
                .param("limit", limit));
    }

    /** From a commit, which need not be the newest. */
    List<Step> up(Repo repo, String commitOid) {
        return list(jdbc.sql("""
            select e.*, coalesce(e.parent_id, p.id) as parent from lineage_edge e
            left join repo p
                on e.parent_id is null and p.type = e.parent_type and lower(p.name) = lower(e.parent_name)
            where e.repo_id = :repo and e.commit_oid = :commit order by e.parent_name\
            """).param("repo", repo.id()).param("commit", commitOid));
    }

    /** From repositories to what was made of them. */
    List<Step> down(Collection<Repo> parents, int limit) {
        return list(jdbc.sql(
                        "with parent as (select id, type, lower(name) as name from repo where id = any(:ids::bigint[]))"
                                + NEWEST + """
                                where e.parent_id in (select id from parent)
                                    or (e.parent_id is null
                                        and (e.parent_type, lower(e.parent_name)) in (select type, name from parent))
                                order by e.repo_id, e.parent_name limit :limit\
                                """)
                .param("ids", parents.stream().map(Repo::id).toArray(Long[]::new))
                .param("limit", limit));
    }

    private static List<Step> list(StatementSpec statement) {
        return statement.query((row, number) -> step(row)).list();
    }

    private static Step step(ResultSet row) throws SQLException {
        return new Step(
                row.getLong("repo_id"),
                RepoType.valueOf(row.getString("parent_type")),
                row.getString("parent_name"),
                Optional.ofNullable(row.getObject("parent", Long.class)),
                row.getString("relation"),
                Optional.ofNullable(row.getString("revision")),
                row.getString("source"));
    }

    private static String cut(String text, int most) {
        return text.substring(0, Math.min(most, text.length()));
    }
}
