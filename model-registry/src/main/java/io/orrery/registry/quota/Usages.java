package io.orrery.registry.quota;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counts what namespaces keep: contents that their repositories were given, each once, uploads that are not committed yet included; and
 * what their commits brought inside git.
 */
@Component
class Usages {
    private static final String NAMESPACE = "lower(split_part(name, '/', 1))";
    private static final String OURS =
            "select id, " + NAMESPACE + " as namespace, regular_bytes from repo" + " where not mirrored";
    private static final String OF_ONE = " and " + NAMESPACE + " = :namespace";

    private final JdbcClient jdbc;

    Usages(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Usage> all() {
        return jdbc.sql(usage(OURS) + " order by namespace").query(Usages::read).list();
    }

    Usage of(String namespace) {
        return jdbc.sql(usage(OURS + OF_ONE))
                .param("namespace", namespace)
                .query(Usages::read)
                .optional()
                .orElse(new Usage(namespace, 0, 0));
    }

    private static Usage read(ResultSet row, int number) throws SQLException {
        return new Usage(row.getString("namespace"), row.getLong("bytes"), row.getInt("repositories"));
    }

    private static String usage(String ours) {
        return "with ours as (" + ours + """
            ), large as (
                select namespace, sum(size) as bytes
                from (select distinct namespace, sha256, size from lfs_object join ours on ours.id = repo_id) as given
                group by namespace)
            select namespace, sum(regular_bytes) + coalesce(max(large.bytes), 0) as bytes, count(*) as repositories
            from ours left join large using (namespace) group by namespace\
            """;
    }

    /** Of contents outside git, the bytes that a namespace does not keep yet. */
    long newLarge(String namespace, Map<Sha256, Long> contents) {
        return contents.isEmpty()
                ? 0
                : jdbc.sql("with ours as (" + OURS + OF_ONE + """
                    ) select coalesce(sum(size), 0) from unnest(:hashes::text[], :sizes::bigint[]) as given (sha256, size)
                    where not exists (
                        select from lfs_object o join ours on ours.id = o.repo_id where o.sha256 = given.sha256)\
                    """)
                        .param("namespace", namespace)
                        .param("hashes", Sha256.hex(contents.keySet()))
                        .param("sizes", contents.values().toArray(Long[]::new))
                        .query(Long.class)
                        .single();
    }

    /** Of blobs inside git, the bytes that are nowhere yet. */
    long newRegular(Collection<GitBlob> blobs) {
        return blobs.isEmpty()
                ? 0
                : jdbc.sql("select coalesce(sum(size), 0) from (select distinct * from"
                                + " unnest(:oids::text[], :sizes::bigint[]) as given (oid, size)) as each_once"
                                + " where not exists (select from git_blob where git_blob.oid = each_once.oid)")
                        .param("oids", blobs.stream().map(GitBlob::oid).toArray(String[]::new))
                        .param("sizes", blobs.stream().map(GitBlob::size).toArray(Long[]::new))
                        .query(Long.class)
                        .single();
    }

    /** What a repository of another namespace would add to this one. */
    long incoming(String namespace, Repo repo) {
        return jdbc.sql("with ours as (" + OURS + OF_ONE + """
            ) select regular_bytes + (
                select coalesce(sum(size), 0) from lfs_object given where given.repo_id = repo.id and not exists (
                    select from lfs_object o join ours on ours.id = o.repo_id where o.sha256 = given.sha256))
            from repo where repo.id = :repo\
            """)
                .param("namespace", namespace)
                .param("repo", repo.id())
                .query(Long.class)
                .single();
    }

    /** Lets nobody else put a repository into the namespace until the transaction ends. */
    void lock(String namespace) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('quota of ' || :namespace, 0))")
                .param("namespace", namespace)
                .query(row -> {});
    }
}
