package io.orrery.registry.likes;

import io.orrery.registry.repository.Repo;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The rows of what is liked. */
@Service
class Likes {
    /**
     * Somebody likes a repository.
     *
     * @param id of the like; later ones have larger ids
     */
    record Like(long id, long repoId, String user, Instant at) {}

    private static final String LIKES = "select id, repo_id, user_name, liked_at from repo_like where ";

    private final JdbcClient jdbc;
    private final Clock clock;

    Likes(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Transactional
    public void add(Repo repo, String user) {
        jdbc.sql("insert into repo_like (repo_id, user_name, liked_at) values (:repo, :user, :at)"
                        + " on conflict do nothing")
                .param("repo", repo.id())
                .param("user", user)
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update();
    }

    @Transactional
    public void remove(Repo repo, String user) {
        jdbc.sql("delete from repo_like where repo_id = :repo and user_name = :user")
                .param("repo", repo.id())
                .param("user", user)
                .update();
    }

    /** By the repositories' keys; those that nobody likes are left out. */
    Map<Long, Long> counts(List<Long> repoIds) {
        Map<Long, Long> counts = new HashMap<>();
        if (!repoIds.isEmpty()) {
            jdbc.sql("select repo_id, count(*) as likes from repo_like where repo_id = any(:ids::bigint[])"
                            + " group by repo_id")
                    .param("ids", repoIds.toArray(Long[]::new))
                    .query((row, number) -> counts.put(row.getLong("repo_id"), row.getLong("likes")))
                    .list();
        }
        return counts;
    }

    /** The latest likes of a repository that are older than one. */
    List<Like> of(Repo repo, long before, int limit) {
        return page(jdbc.sql(LIKES + "repo_id = :repo and id < :before order by id desc limit :limit")
                .param("repo", repo.id())
                .param("before", before)
                .param("limit", limit));
    }

    /** The latest likes of a person that are older than one. */
    List<Like> by(String user, long before, int limit) {
        return page(jdbc.sql(LIKES + "user_name = :user and id < :before order by id desc limit :limit")
                .param("user", user)
                .param("before", before)
                .param("limit", limit));
    }

    private static List<Like> page(JdbcClient.StatementSpec statement) {
        return statement
                .query((row, number) -> new Like(
                        row.getLong("id"),
                        row.getLong("repo_id"),
                        row.getString("user_name"),
                        row.getObject("liked_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
