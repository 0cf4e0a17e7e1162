package io.orrery.registry.blob;

import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Contents that are rows of the database. A file costs a name, an inode and a sync however short it is; rows are written by thousands and
 * synced once. A content's row goes with its row in {@link ContentRows}.
 */
@Component
class SmallContents {
    /** Rows written together are in memory together. */
    private static final int BATCH = 500;

    private final JdbcClient jdbc;

    SmallContents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Takes a damaged content away. */
    void delete(Sha256 sha256) {
        jdbc.sql("delete from small_content where sha256 = :sha256")
                .param("sha256", sha256.hex())
                .update();
    }

    /** Those of some contents that are kept here. */
    List<Sha256> among(Collection<Sha256> contents) {
        return jdbc.sql("select sha256 from small_content where sha256 = any(:hashes::text[])")
                .param("hashes", Sha256.hex(contents))
                .query((row, number) -> new Sha256(row.getString("sha256")))
                .list();
    }

    /** Makes contents visible when the transaction ends. */
    void insert(List<StagedBytes> contents) {
        for (int from = 0; from < contents.size(); from += BATCH) {
            write(contents.subList(from, Math.min(from + BATCH, contents.size())));
        }
    }

    private void write(List<StagedBytes> contents) {
        jdbc.sql("""
            insert into small_content (sha256, bytes) select * from unnest(:hashes::text[], :bytes::bytea[])
            on conflict do nothing\
            """)
                .param(
                        "hashes",
                        contents.stream().map(content -> content.sha256().hex()).toArray(String[]::new))
                .param("bytes", contents.stream().map(StagedBytes::bytes).toArray(byte[][]::new))
                .update();
    }
}
