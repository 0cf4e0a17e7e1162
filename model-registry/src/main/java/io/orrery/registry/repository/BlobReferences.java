package io.orrery.registry.repository;

import io.orrery.registry.blob.ContentReferences;
import io.orrery.registry.blob.Sha256;
import java.util.Collection;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A content is needed as long as a blob is it. One outside git may go where it can be fetched again: a repository of ours that has it was given
 * it, which others know.
 */
@Component
class BlobReferences implements ContentReferences {
    private final JdbcClient jdbc;

    BlobReferences(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<Sha256> used(Collection<Sha256> contents) {
        return those(contents, "");
    }

    @Override
    public Set<Sha256> neededHere(Collection<Sha256> contents) {
        return those(contents, " and not lfs");
    }

    private Set<Sha256> those(Collection<Sha256> contents, String condition) {
        return Set.copyOf(
                jdbc.sql("select distinct content_sha256 from git_blob where content_sha256 = any(:hashes::text[])"
                                + condition)
                        .param("hashes", Sha256.hex(contents))
                        .query((row, number) -> new Sha256(row.getString(1)))
                        .list());
    }
}
