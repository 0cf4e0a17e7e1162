package io.orrery.registry.repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes what no ref leads to. It is safe beside writers because of three things. A commit goes under its row's lock, after a second look at
 * the refs, and whoever points a ref at a commit locks that row too. Trees and blobs are marked from every commit that is there once all
 * transactions have ended that began before the last commit went; so what a writer took over from a commit it saw is marked, or belongs to
 * a newer one whose writer touched it. And a row that was touched since then stays, which is looked at again under its lock.
 */
@Service
public class ObjectSweep {
    private static final int PAGE = 10_000;
    private static final int BATCH = 1000;

    /** Commits that nothing leads to: no ref, no root, no young commit. */
    private static final String UNREACHED = """
        with recursive kept (oid) as (
            (select target from git_ref where repo_id = :repo
            union select unnest(:roots::text[])
            union select oid from git_commit where repo_id = :repo and touched_at >= :since)
            union select c.parent_oid from git_commit c join kept on c.oid = kept.oid
            where c.repo_id = :repo and c.parent_oid is not null)
        select oid from git_commit c
        where c.repo_id = :repo and not exists (select from kept where kept.oid = c.oid) order by oid\
        """;

    private final JdbcClient jdbc;
    private final ObjectMarking marking;
    private final List<CommitRoots> roots;
    private final List<RepoBelongings> belongings;
    private final TransactionTemplate transactions;

    ObjectSweep(
            JdbcClient jdbc,
            ObjectMarking marking,
            List<CommitRoots> roots,
            List<RepoBelongings> belongings,
            TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.marking = marking;
        this.roots = roots;
        this.belongings = belongings;
        this.transactions = transactions;
    }

    /** What the commits of all repositories have, and what went of the repositories' {@link RepoBelongings} on the way. */
    public record Marked(Marks marks, long missingTrees, long belongings) {}

    /** Deletes commits, and answers how many. */
    public int commits(Instant untouchedSince) {
        return repos().stream()
                .mapToInt(repo -> transactions.execute(status -> commits(repo, time(untouchedSince))))
                .sum();
    }

    private List<Long> repos() {
        return jdbc.sql("select id from repo order by id")
                .query((row, number) -> row.getLong(1))
                .list();
    }

    /** The repository's row is locked first, as whoever deletes the repository does it. */
    private int commits(long repo, OffsetDateTime since) {
        boolean isThere = jdbc.sql("select id from repo where id = :repo for key share")
                .param("repo", repo)
                .query(Long.class)
                .optional()
                .isPresent();
        List<String> candidates = isThere ? unreached(repo, since) : List.of();
        if (candidates.isEmpty()) {
            return 0;
        }
        jdbc.sql("select oid from git_commit where repo_id = :repo and oid = any(:oids::text[]) order by oid"
                        + " for update")
                .param("repo", repo)
                .param("oids", candidates.toArray(String[]::new))
                .query((row, number) -> row.getString(1))
                .list();
        List<String> still = unreached(repo, since);
        still.retainAll(Set.copyOf(candidates));
        return jdbc.sql("delete from git_commit where repo_id = :repo and oid = any(:oids::text[])")
                .param("repo", repo)
                .param("oids", still.toArray(String[]::new))
                .update();
    }

    private List<String> unreached(long repo, OffsetDateTime since) {
        return jdbc.sql(UNREACHED)
                .param("repo", repo)
                .param(
                        "roots",
                        roots.stream().flatMap(kept -> kept.of(repo).stream()).toArray(String[]::new))
                .param("since", since)
                .query((row, number) -> row.getString(1))
                .list();
    }

    /** Marks what commits have; to be called when no transaction is open that saw a commit that went. */
    public Marked mark(Instant untouchedSince) {
        Marks all = new Marks();
        long missing = 0;
        long gone = 0;
        for (long repo : repos()) {
            Marks own = marking.mark(repo, all);
            missing += own.missingTrees();
            for (RepoBelongings held : belongings) {
                gone += held.sweep(repo, own, untouchedSince);
            }
        }
        return new Marked(all, missing, gone);
    }

    /** Deletes trees that are not marked, and answers how many. */
    public long trees(Marks marks, Instant untouchedSince) {
        return sweep("git_tree", marks::hasTree, time(untouchedSince));
    }

    /** Deletes blobs that are not marked, and answers how many. */
    public long blobs(Marks marks, Instant untouchedSince) {
        return sweep("git_blob", marks::hasBlob, time(untouchedSince));
    }

    private long sweep(String table, Predicate<String> isMarked, OffsetDateTime since) {
        long gone = 0;
        List<String> page = page(table, "", since);
        while (!page.isEmpty()) {
            List<String> doomed = page.stream().filter(isMarked.negate()).toList();
            for (int from = 0; from < doomed.size(); from += BATCH) {
                gone += delete(table, doomed.subList(from, Math.min(from + BATCH, doomed.size())), since);
            }
            page = page(table, page.getLast(), since);
        }
        return gone;
    }

    private List<String> page(String table, String after, OffsetDateTime since) {
        return jdbc.sql("select oid from " + table
                        + " where oid > :after and touched_at < :since order by oid limit :limit")
                .param("after", after)
                .param("since", since)
                .param("limit", PAGE)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private int delete(String table, List<String> oids, OffsetDateTime since) {
        return jdbc.sql("with doomed as (select oid from " + table
                        + " where oid = any(:oids::text[]) and touched_at < :since order by oid for update)"
                        + " delete from " + table + " object using doomed where object.oid = doomed.oid")
                .param("oids", oids.toArray(String[]::new))
                .param("since", since)
                .update();
    }

    private static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
