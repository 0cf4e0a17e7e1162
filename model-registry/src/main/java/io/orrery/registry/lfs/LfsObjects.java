package io.orrery.registry.lfs;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Repo;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Which contents a repository was given. Only those may be committed to it: to know a hash is no right to a content. */
@Service
public class LfsObjects {
    private final JdbcClient jdbc;
    private final Clock clock;

    LfsObjects(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The size of a content that the repository has. */
    public OptionalLong size(Repo repo, Sha256 sha256) {
        return jdbc.sql("select size from lfs_object where repo_id = :repo and sha256 = :sha256")
                .param("repo", repo.id())
                .param("sha256", sha256.hex())
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    /** Whether there was such a repository to note it for. */
    boolean add(long repoId, Sha256 sha256, long size, String uploadedBy) {
        return jdbc.sql("""
                        insert into lfs_object (repo_id, sha256, size, uploaded_by, uploaded_at)
                        select id, :sha256, :size, :by, :at from repo where id = :repo
                        on conflict (repo_id, sha256) do update set uploaded_at = excluded.uploaded_at""")
                        .param("repo", repoId)
                        .param("sha256", sha256.hex())
                        .param("size", size)
                        .param("by", uploadedBy)
                        .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                        .update()
                == 1;
    }
}
