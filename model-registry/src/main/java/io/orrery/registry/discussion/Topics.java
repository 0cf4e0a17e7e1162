package io.orrery.registry.discussion;

import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of discussions. */
@Component
class Topics {
    private static final int LONGEST_TITLE = 200;
    private static final String COLUMNS = """
        select d.*, (select count(*) from discussion_event e
            where e.repo_id = d.repo_id and e.num = d.num and e.type = 'comment') as comments
        from discussion d where d.repo_id = :repo\
        """;
    private static final String CONDITIONS = """
         and (cast(:author as text) is null or d.author = :author
            or d.author in (select c.caller from caller_name c where c.name = :author))
        and (cast(:proposals as boolean) is null or d.is_pull_request = :proposals)
        and (cast(:settled as boolean) is null or (d.status in ('closed', 'merged')) = :settled)
        """;

    /**
     * Which discussions.
     *
     * @param author as tokens have it, or as people call whoever it is
     * @param proposals whether they have commits
     * @param settled whether they are closed or merged
     */
    record Filter(Optional<String> author, Optional<Boolean> proposals, Optional<Boolean> settled) {}

    private final JdbcClient jdbc;
    private final Clock clock;

    Topics(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Makes one under the repository's next number; who makes another meanwhile waits. */
    Topic add(Repo repo, String title, String author, boolean isProposal, Topic.Status status) {
        boolean disabled = jdbc.sql("select discussions_disabled from repo where id = :repo for update")
                .param("repo", repo.id())
                .query(Boolean.class)
                .optional()
                .orElseThrow(HubProblem::repoNotFound);
        if (disabled) {
            throw HubProblem.forbidden("Forbidden: discussions and pull requests are disabled for " + repo.name());
        }
        int number = jdbc.sql("""
            insert into discussion (repo_id, num, title, author, is_pull_request, status, created_at)
            select :repo, coalesce(max(num), 0) + 1, :title, :author, :proposal, :status, :at
            from discussion where repo_id = :repo returning num\
            """)
                .param("repo", repo.id())
                .param("title", shortened(title))
                .param("author", author)
                .param("proposal", isProposal)
                .param("status", status.word())
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .query(Integer.class)
                .single();
        return get(repo, number);
    }

    static String shortened(String title) {
        String line = title.strip();
        if (line.isEmpty()) {
            throw HubProblem.badRequest("A discussion needs a title");
        }
        return line.substring(0, Math.min(LONGEST_TITLE, line.length()));
    }

    Topic get(Repo repo, int number) {
        return jdbc.sql(COLUMNS + " and d.num = :num")
                .param("repo", repo.id())
                .param("num", number)
                .query((row, index) -> topic(row))
                .optional()
                .orElseThrow(() -> HubProblem.of(404, "Discussion not found: " + repo.name() + " has no " + number));
    }

    /** Newest first. */
    List<Topic> list(Repo repo, Filter filter, int from, int count) {
        return filtered(COLUMNS + CONDITIONS + "order by d.num desc limit :count offset :from", repo, filter)
                .param("count", count)
                .param("from", from)
                .query((row, index) -> topic(row))
                .list();
    }

    int count(Repo repo, Filter filter) {
        return filtered("select count(*) from discussion d where d.repo_id = :repo" + CONDITIONS, repo, filter)
                .query(Integer.class)
                .single();
    }

    private JdbcClient.StatementSpec filtered(String sql, Repo repo, Filter filter) {
        return jdbc.sql(sql)
                .param("repo", repo.id())
                .param("author", filter.author().orElse(null))
                .param("proposals", filter.proposals().orElse(null))
                .param("settled", filter.settled().orElse(null));
    }

    void rename(Repo repo, Topic topic, String title) {
        jdbc.sql("update discussion set title = :title where repo_id = :repo and num = :num")
                .param("title", title)
                .param("repo", repo.id())
                .param("num", topic.number())
                .update();
    }

    /** Compare and set; whether the discussion still had the status that it was read with. */
    boolean setStatus(Repo repo, Topic topic, Topic.Status status, Optional<String> mergedOid) {
        return jdbc.sql("update discussion set status = :status, merged_oid = :merged"
                                + " where repo_id = :repo and num = :num and status = :before")
                        .param("status", status.word())
                        .param("merged", mergedOid.orElse(null))
                        .param("repo", repo.id())
                        .param("num", topic.number())
                        .param("before", topic.status().word())
                        .update()
                == 1;
    }

    /** @param commits by what merged proposals are named now */
    void follow(Repo repo, Map<String, String> commits) {
        jdbc.sql("""
            update discussion d set merged_oid = c.now
            from unnest(:before::text[], :now::text[]) as c (before, now)
            where d.repo_id = :repo and d.merged_oid = c.before\
            """)
                .param("before", commits.keySet().toArray(String[]::new))
                .param("now", commits.values().toArray(String[]::new))
                .param("repo", repo.id())
                .update();
    }

    private static Topic topic(ResultSet row) throws SQLException {
        return new Topic(
                row.getInt("num"),
                row.getString("title"),
                row.getString("author"),
                Topic.Status.of(row.getString("status")),
                row.getBoolean("is_pull_request"),
                Optional.ofNullable(row.getString("merged_oid")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("comments"));
    }
}
