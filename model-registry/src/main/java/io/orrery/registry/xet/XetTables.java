package io.orrery.registry.xet;

import io.orrery.registry.blob.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rows of xorbs and of contents that are made of them; both are immutable, so whoever writes one first is right. */
@Component
class XetTables {
    private final JdbcClient jdbc;

    XetTables(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether it was not there. */
    boolean insert(Xorb xorb) {
        String object =
                xorb.kept() instanceof Xorb.Kept.Apart apart ? apart.content().hex() : null;
        Xorb.Kept.Within within = xorb.kept() instanceof Xorb.Kept.Within slice ? slice : null;
        int added = jdbc.sql("""
            insert into xorb (hash, object_sha256, content_sha256, content_offset, pieces)
            values (:hash, :object, :content, :offset, :pieces) on conflict do nothing\
            """)
                .param("hash", xorb.hash().hex())
                .param("object", object)
                .param("content", within == null ? null : within.content().hex())
                .param("offset", within == null ? null : within.offset())
                .param("pieces", xorb.encodePieces())
                .update();
        return added == 1;
    }

    Map<XetHash, Xorb> xorbs(Collection<XetHash> hashes) {
        Map<XetHash, Xorb> found = new HashMap<>();
        jdbc.sql("select hash, object_sha256, content_sha256, content_offset, pieces from xorb"
                        + " where hash = any(:hashes::text[])")
                .param("hashes", hex(hashes))
                .query((row, number) -> xorb(row))
                .list()
                .forEach(xorb -> found.put(xorb.hash(), xorb));
        return found;
    }

    /** Where the bytes of xorbs are. */
    List<Sha256> contents(Collection<XetHash> xorbs) {
        return jdbc.sql("select distinct coalesce(object_sha256, content_sha256) from xorb"
                        + " where hash = any(:hashes::text[])")
                .param("hashes", hex(xorbs))
                .query((row, number) -> new Sha256(row.getString(1)))
                .list();
    }

    private static Xorb xorb(ResultSet row) throws SQLException {
        String object = row.getString("object_sha256");
        Xorb.Kept kept = object != null
                ? new Xorb.Kept.Apart(new Sha256(object))
                : new Xorb.Kept.Within(new Sha256(row.getString("content_sha256")), row.getLong("content_offset"));
        return new Xorb(new XetHash(row.getString("hash")), kept, Xorb.decodePieces(row.getBytes("pieces")));
    }

    /** Lets others find a xorb by chunks of it. */
    void index(XetHash xorb, Collection<XetHash> chunks) {
        jdbc.sql("insert into xet_chunk (hash, xorb) select hash, :xorb from unnest(:chunks::text[]) as given (hash)"
                        + " on conflict do nothing")
                .param("xorb", xorb.hex())
                .param("chunks", hex(chunks))
                .update();
    }

    /** Notes that a repository was given xorbs. */
    void give(long repoId, Collection<XetHash> xorbs) {
        jdbc.sql("insert into xorb_given (xorb, repo_id) select hash, :repo from unnest(:xorbs::text[]) as given (hash)"
                        + " on conflict do nothing")
                .param("repo", repoId)
                .param("xorbs", hex(xorbs))
                .update();
    }

    /** Whether a content was not known by its terms. */
    boolean insert(XetFile file) {
        int added = jdbc.sql("insert into xet_file (hash, sha256, size, whole, terms)"
                        + " values (:hash, :sha256, :size, :whole, :terms) on conflict do nothing")
                .param("hash", file.hash().hex())
                .param("sha256", file.sha256().hex())
                .param("size", file.size())
                .param("whole", file.whole())
                .param("terms", Term.encode(file.terms()))
                .update();
        if (added == 1) {
            jdbc.sql("insert into xet_term (file, xorb) select :file, hash from unnest(:xorbs::text[]) as named (hash)"
                            + " on conflict do nothing")
                    .param("file", file.hash().hex())
                    .param(
                            "xorbs",
                            hex(file.terms().stream().map(Term::xorb).distinct().toList()))
                    .update();
        }
        return added == 1;
    }

    Optional<XetFile> file(XetHash hash) {
        return files("hash = :key", hash.hex());
    }

    Optional<XetFile> file(Sha256 sha256) {
        return files("sha256 = :key", sha256.hex());
    }

    private Optional<XetFile> files(String condition, String key) {
        return jdbc.sql("select hash, sha256, size, whole, terms from xet_file where " + condition)
                .param("key", key)
                .query((row, number) -> new XetFile(
                        new XetHash(row.getString("hash")),
                        new Sha256(row.getString("sha256")),
                        row.getLong("size"),
                        row.getBoolean("whole"),
                        Term.decode(row.getBytes("terms"))))
                .optional();
    }

    /** The names of contents that are known by their terms and were given to a repository. */
    Map<Sha256, String> hashes(long repoId, Collection<Sha256> contents) {
        Map<Sha256, String> hashes = new HashMap<>();
        jdbc.sql("select f.sha256, f.hash from xet_file f join lfs_object o on o.sha256 = f.sha256 and"
                        + " o.repo_id = :repo where f.sha256 = any(:contents::text[])")
                .param("repo", repoId)
                .param("contents", Sha256.hex(contents))
                .query(row -> {
                    hashes.put(new Sha256(row.getString("sha256")), row.getString("hash"));
                });
        return hashes;
    }

    /** Xorbs with a chunk, of which somebody may read a content. */
    List<XetHash> withChunk(XetHash chunk, XetGrant caller) {
        return jdbc.sql("select c.xorb from xet_chunk c join xorb x on x.hash = c.xorb where c.hash = :chunk and "
                        + MAY_USE + " limit 4")
                .param("chunk", chunk.hex())
                .params(caller.visibility())
                .query((row, number) -> new XetHash(row.getString(1)))
                .list();
    }

    /** Of xorbs, those that somebody may use: he gave them, or may read a content of them. */
    List<XetHash> usable(Collection<XetHash> xorbs, XetGrant caller) {
        return jdbc.sql("select x.hash from xorb x where x.hash = any(:xorbs::text[]) and " + MAY_USE)
                .param("xorbs", hex(xorbs))
                .params(caller.visibility())
                .query((row, number) -> new XetHash(row.getString(1)))
                .list();
    }

    private static final String MAY_USE = """
        exists (
            select 1 from repo r
            where (r.id = :repo or :all or r.owner = :caller or r.project = :project
                or (not r.is_private and not r.disabled and (r.gated is null or exists (
                    select 1 from access_request a where a.repo_id = r.id and a.status = 'accepted'
                    and a.user_name in (:caller, :project, :everybody)))))
            and (exists (select 1 from xorb_given g where g.xorb = x.hash and g.repo_id = r.id)
                or exists (select 1 from lfs_object o where o.sha256 = x.content_sha256 and o.repo_id = r.id)
                or exists (select 1 from mirrored_content m where m.sha256 = x.content_sha256 and m.repo_id = r.id)))\
        """;

    private static String[] hex(Collection<XetHash> hashes) {
        return hashes.stream().map(XetHash::hex).toArray(String[]::new);
    }
}
