package io.orrery.registry.lfs;

import io.orrery.registry.blob.ContentReferences;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Marks;
import io.orrery.registry.repository.RepoBelongings;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A content is needed as long as a repository holds that it was given it; and a repository holds that as long as one of its commits has the
 * content, or, where none ever had it, for the time of grace.
 */
@Component
class GivenContents implements ContentReferences, RepoBelongings {
    private record Given(Sha256 sha256, long size) {}

    private final JdbcClient jdbc;

    GivenContents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<Sha256> used(Collection<Sha256> contents) {
        return Set.copyOf(jdbc.sql("select distinct sha256 from lfs_object where sha256 = any(:hashes::text[])")
                .param("hashes", Sha256.hex(contents))
                .query((row, number) -> new Sha256(row.getString(1)))
                .list());
    }

    @Override
    public int sweep(long repoId, Marks ofRepo, Instant untouchedSince) {
        OffsetDateTime since = OffsetDateTime.ofInstant(untouchedSince, ZoneOffset.UTC);
        List<String> unneeded = jdbc
                .sql("select sha256, size from lfs_object where repo_id = :repo and touched_at < :since")
                .param("repo", repoId)
                .param("since", since)
                .query((row, number) -> new Given(new Sha256(row.getString("sha256")), row.getLong("size")))
                .list()
                .stream()
                .filter(given -> !ofRepo.hasBlob(
                        GitBlob.lfs(given.sha256(), given.size()).oid()))
                .map(given -> given.sha256().hex())
                .toList();
        return unneeded.isEmpty()
                ? 0
                : jdbc.sql("delete from lfs_object where repo_id = :repo and sha256 = any(:hashes::text[])"
                                + " and touched_at < :since")
                        .param("repo", repoId)
                        .param("hashes", unneeded.toArray(String[]::new))
                        .param("since", since)
                        .update();
    }
}
