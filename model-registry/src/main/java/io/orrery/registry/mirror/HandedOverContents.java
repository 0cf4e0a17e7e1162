package io.orrery.registry.mirror;

import io.orrery.registry.blob.ContentReferences;
import io.orrery.registry.blob.Sha256;
import java.util.Collection;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was downloaded for commits that no hub has told of could be fetched from nowhere, and so makes room for nothing. */
@Component
class HandedOverContents implements ContentReferences {
    private final JdbcClient jdbc;

    HandedOverContents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<Sha256> used(Collection<Sha256> contents) {
        return Set.copyOf(
                jdbc.sql("select distinct m.sha256 from mirrored_content m join partial_commit using (repo_id)"
                                + " where m.sha256 = any(:contents::text[])")
                        .param("contents", Sha256.hex(contents))
                        .query((row, number) -> new Sha256(row.getString(1)))
                        .list());
    }
}
