package io.orrery.registry.repository;

import io.orrery.registry.blob.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Where a content is a file now. It reads trees, and is for the few contents of which somebody must be told. */
@Service
public class FileUses {
    /** A file at the head of a branch or tag. */
    public record Use(Repo repo, String ref, Commit commit, String path, GitBlob blob) {}

    private record Head(long repo, String ref, String commit) {}

    private final JdbcClient jdbc;
    private final Repos repos;
    private final CommitRows commits;
    private final Trees trees;

    FileUses(JdbcClient jdbc, Repos repos, CommitRows commits, Trees trees) {
        this.jdbc = jdbc;
        this.repos = repos;
        this.commits = commits;
        this.trees = trees;
    }

    public List<Use> of(Sha256 sha256) {
        List<Use> uses = new ArrayList<>();
        for (Head head : heads(sha256)) {
            Optional<Repo> repo = repos.byId(head.repo());
            Optional<Commit> commit = commits.findByKey(new CommitEntity.Key(head.repo(), head.commit()))
                    .map(CommitEntity::toCommit);
            if (repo.isPresent() && commit.isPresent()) {
                trees.files(commit.get()).stream()
                        .filter(file -> file.blob().orElseThrow().sha256().equals(Optional.of(sha256)))
                        .map(file -> new Use(
                                repo.get(),
                                head.ref(),
                                commit.get(),
                                file.path(),
                                file.blob().orElseThrow()))
                        .forEach(uses::add);
            }
        }
        return uses;
    }

    /** Heads with a tree that has the content's blob in it, at whatever depth. */
    private List<Head> heads(Sha256 sha256) {
        return jdbc.sql("""
            with recursive having_it (oid) as (
                select t.oid from git_tree t join git_blob b on position(decode(b.oid, 'hex') in t.content) > 0
                where b.content_sha256 = :sha256
                union select t.oid from git_tree t join having_it h on position(decode(h.oid, 'hex') in t.content) > 0)
            select r.repo_id, r.name, r.target from git_ref r
            join git_commit c on c.repo_id = r.repo_id and c.oid = r.target
            where c.tree_oid in (select oid from having_it) order by r.repo_id, r.name limit 100\
            """)
                .param("sha256", sha256.hex())
                .query((row, number) ->
                        new Head(row.getLong("repo_id"), row.getString("name"), row.getString("target")))
                .list();
    }
}
