package io.orrery.registry.repository;

import io.orrery.registry.blob.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Git's blobs and trees: immutable, so whoever writes one first is right. Rows go in by thousands, in the order of their names, so that
 * writers of the same objects wait for each other and never in a circle.
 */
@Component
class ObjectRows {
    private static final int BATCH = 5000;

    private final JdbcClient jdbc;
    private final TreeCache cache;

    ObjectRows(JdbcClient jdbc, TreeCache cache) {
        this.jdbc = jdbc;
        this.cache = cache;
    }

    GitTree tree(String oid) {
        return known("tree", oid, trees(List.of(oid)).get(oid));
    }

    /** Trees that must be there. */
    Map<String, GitTree> trees(Collection<String> oids) {
        Map<String, GitTree> found = new HashMap<>();
        List<String> missing = new ArrayList<>();
        for (String oid : oids) {
            cache.find(oid).ifPresentOrElse(tree -> found.put(oid, tree), () -> missing.add(oid));
        }
        if (!missing.isEmpty()) {
            jdbc.sql("select oid, content from git_tree where oid = any(:oids::text[])")
                    .param("oids", missing.toArray(String[]::new))
                    .query(row -> {
                        found.put(row.getString("oid"), GitTree.decode(row.getBytes("content")));
                    });
            missing.forEach(oid -> cache.put(oid, known("tree", oid, found.get(oid))));
        }
        return found;
    }

    /** Blobs that must be there. */
    Map<String, GitBlob> blobs(Collection<String> oids) {
        Map<String, GitBlob> found = HashMap.newHashMap(oids.size());
        if (!oids.isEmpty()) {
            jdbc.sql("select oid, content_sha256, content_size, lfs from git_blob where oid = any(:oids::text[])")
                    .param("oids", oids.toArray(String[]::new))
                    .query(row -> {
                        found.put(row.getString("oid"), blob(row));
                    });
            oids.forEach(oid -> known("blob", oid, found.get(oid)));
        }
        return found;
    }

    private static <T> T known(String kind, String oid, @Nullable T object) {
        if (object == null) {
            throw new IllegalStateException("the " + kind + " " + oid + " is missing from the database");
        }
        return object;
    }

    private static GitBlob blob(ResultSet row) throws SQLException {
        return new GitBlob(
                row.getString("oid"),
                Optional.ofNullable(row.getString("content_sha256")).map(Sha256::new),
                row.getLong("content_size"),
                row.getBoolean("lfs"));
    }

    /** Writes blobs down, and answers those that were there before: they are to be touched when the commit is all but done. */
    List<GitBlob> insertBlobs(Collection<GitBlob> blobs) {
        TreeMap<String, GitBlob> there = new TreeMap<>();
        blobs.forEach(blob -> there.put(blob.oid(), blob));
        for (List<GitBlob> batch : batches(List.copyOf(there.values()))) {
            there.keySet()
                    .removeAll(insert(batch, "do nothing returning oid")
                            .query(String.class)
                            .list());
        }
        return List.copyOf(there.values());
    }

    /**
     * Keeps blobs from being collected. Of one without a content only another hub has spoken: whoever brings the content knows better. The
     * rows are locked until the transaction ends, and many commits have the same few, so this is done late.
     */
    void touchBlobs(List<GitBlob> sorted) {
        for (List<GitBlob> batch : batches(sorted)) {
            insert(batch, """
                (oid) do update set touched_at = clock_timestamp(),
                (content_sha256, content_size, lfs) = (select known.sha256, known.size, known.lfs
                    from (values (1, git_blob.content_sha256, git_blob.content_size, git_blob.lfs),
                        (2, excluded.content_sha256, excluded.content_size, excluded.lfs)) known (rank, sha256, size, lfs)
                    order by known.sha256 is null, known.rank limit 1)\
                """).update();
        }
    }

    private JdbcClient.StatementSpec insert(List<GitBlob> blobs, String onConflict) {
        return jdbc.sql("insert into git_blob (oid, content_sha256, content_size, lfs)"
                        + " select * from unnest(:oids::text[], :hashes::text[], :sizes::bigint[], :lfs::boolean[])"
                        + " on conflict " + onConflict)
                .param("oids", blobs.stream().map(GitBlob::oid).toArray(String[]::new))
                .param(
                        "hashes",
                        blobs.stream()
                                .map(blob -> blob.sha256().map(Sha256::hex).orElse(null))
                                .toArray(String[]::new))
                .param("sizes", blobs.stream().map(GitBlob::size).toArray(Long[]::new))
                .param("lfs", blobs.stream().map(GitBlob::lfs).toArray(Boolean[]::new));
    }

    /** Writes trees down, and keeps those that were there before from being collected. */
    void insertTrees(Map<String, GitTree> trees) {
        List<Map.Entry<String, GitTree>> sorted = List.copyOf(new TreeMap<>(trees).entrySet());
        for (List<Map.Entry<String, GitTree>> batch : batches(sorted)) {
            jdbc.sql("""
                insert into git_tree (oid, content) select * from unnest(:oids::text[], :contents::bytea[])
                on conflict (oid) do update set touched_at = clock_timestamp()\
                """)
                    .param("oids", batch.stream().map(Map.Entry::getKey).toArray(String[]::new))
                    .param(
                            "contents",
                            batch.stream().map(tree -> tree.getValue().encode()).toArray(byte[][]::new))
                    .update();
        }
    }

    private static <T> List<List<T>> batches(List<T> all) {
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            batches.add(all.subList(from, Math.min(from + BATCH, all.size())));
        }
        return batches;
    }
}
