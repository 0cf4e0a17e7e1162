package io.orrery.registry.downloads;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The rows of what was counted. */
@Service
public class DownloadCounts {
    /** As on the Hub. */
    private static final int RECENT_DAYS = 30;

    /**
     * Downloads of a repository.
     *
     * @param recent of the last 30 days
     */
    public record Counts(long recent, long allTime) {
        public static final Counts NONE = new Counts(0, 0);
    }

    record Key(long repoId, LocalDate day) {}

    private final JdbcClient jdbc;

    DownloadCounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** By the repositories' keys; those that nobody has downloaded are left out. */
    public Map<Long, Counts> of(Collection<Long> repoIds) {
        Map<Long, Counts> counts = new HashMap<>();
        if (!repoIds.isEmpty()) {
            jdbc.sql("select repo_id, recent, all_time from download_total where repo_id = any(:ids::bigint[])")
                    .param("ids", repoIds.toArray(Long[]::new))
                    .query((row, number) -> counts.put(
                            row.getLong("repo_id"), new Counts(row.getLong("recent"), row.getLong("all_time"))))
                    .list();
        }
        return counts;
    }

    /** Adds what was counted, and sums it up; a repository that is gone is passed over. */
    @Transactional
    public void add(Map<Key, Long> counted, LocalDate today) {
        List<Map.Entry<Key, Long>> entries = List.copyOf(counted.entrySet());
        jdbc.sql("""
            with given as (
                select * from unnest(:ids::bigint[], :days::date[], :counts::bigint[]) as g (id, day, count)
            ), there as (
                select r.id from repo r where r.id in (select id from given) order by r.id for key share
            )
            insert into download_day (repo_id, day, count)
            select g.id, g.day, g.count from given g join there t on t.id = g.id order by g.id, g.day
            on conflict (repo_id, day) do update set count = download_day.count + excluded.count\
            """)
                .param(
                        "ids",
                        entries.stream().map(entry -> entry.getKey().repoId()).toArray(Long[]::new))
                .param(
                        "days",
                        entries.stream()
                                .map(entry -> entry.getKey().day().toString())
                                .toArray(String[]::new))
                .param("counts", entries.stream().map(Map.Entry::getValue).toArray(Long[]::new))
                .update();
        sum(entries.stream().map(entry -> entry.getKey().repoId()).distinct().toArray(Long[]::new), today);
    }

    /** Sums up again where the sums are of another day. @return how many repositories */
    @Transactional
    public int sumOutdated(LocalDate today, int limit) {
        Long[] outdated = jdbc.sql(
                        "select repo_id from download_total where as_of <> :today order by repo_id limit :limit")
                .param("today", today)
                .param("limit", limit)
                .query(Long.class)
                .list()
                .toArray(Long[]::new);
        sum(outdated, today);
        return outdated.length;
    }

    private void sum(Long[] repoIds, LocalDate today) {
        jdbc.sql("""
            insert into download_total (repo_id, recent, all_time, as_of)
            select repo_id, coalesce(sum(count) filter (where day > :first), 0), sum(count), :today
            from download_day where repo_id = any(:ids::bigint[]) group by repo_id order by repo_id
            on conflict (repo_id) do update
                set recent = excluded.recent, all_time = excluded.all_time, as_of = excluded.as_of\
            """)
                .param("first", today.minusDays(RECENT_DAYS))
                .param("today", today)
                .param("ids", repoIds)
                .update();
    }
}
