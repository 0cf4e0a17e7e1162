package io.orrery.registry.mirror;

import io.orrery.registry.repository.CommitRoots;
import java.util.Collection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Commits of another hub stay, though no branch here leads to them: somebody asked for each, and may again when that hub is away. */
@Component
class MirroredCommits implements CommitRoots {
    private final JdbcClient jdbc;

    MirroredCommits(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Collection<String> of(long repoId) {
        return jdbc.sql("select c.oid from git_commit c join repo r on r.id = c.repo_id and r.mirrored where r.id ="
                        + " :repo")
                .param("repo", repoId)
                .query((row, number) -> row.getString(1))
                .list();
    }
}
