package io.orrery.registry.repository;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.blob.Sha256;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Writes another hub's repositories down as rows like ours. That hub is believed which files a commit has and what they are called; hashes
 * of trees are computed here, and those of contents when they come.
 */
@Service
public class MirroredRepos {
    /** In whose name mirrored repositories are kept. */
    public static final String OWNER = "@mirror";

    private static final int PUBLIC_ID_BYTES = 12;

    /** What another hub says of a repository. */
    public record Description(boolean isPrivate, Optional<String> gated, Instant createdAt, Instant updatedAt) {}

    private final JdbcClient jdbc;
    private final RepoRows repos;
    private final RefRows refs;
    private final CommitRows commits;
    private final ObjectRows objects;
    private final ApplicationEventPublisher events;
    private final SecureRandom random = new SecureRandom();

    MirroredRepos(
            JdbcClient jdbc,
            RepoRows repos,
            RefRows refs,
            CommitRows commits,
            ObjectRows objects,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.repos = repos;
        this.refs = refs;
        this.commits = commits;
        this.objects = objects;
        this.events = events;
    }

    /** A repository of ours or another hub's that is here. */
    public Optional<Repo> find(RepoType type, String name) {
        return repos.findByTypeAndName(type, name).map(RepoEntity::toRepo);
    }

    /** Whether a repository of ours is in a namespace, or has it for its whole name. */
    public boolean isOurs(String namespace) {
        return jdbc.sql("select exists(select 1 from repo where not mirrored"
                        + " and lower(split_part(name, '/', 1)) = lower(:namespace))")
                .param("namespace", namespace)
                .query(Boolean.class)
                .single();
    }

    /** The row of a repository, which is made where there is none of this name. */
    @Transactional
    public Repo describe(RepoType type, String name, Description description) {
        byte[] publicId = new byte[PUBLIC_ID_BYTES];
        random.nextBytes(publicId);
        boolean isNew = jdbc.sql("""
            insert into repo
                (public_id, type, name, is_private, owner, created_at, updated_at, gated, mirrored)
            values (:publicId, :type, :name, :private, :owner, :created, :updated, :gated, true)
            on conflict (type, lower(name)) do update set is_private = excluded.is_private,
                updated_at = excluded.updated_at, gated = excluded.gated
            where repo.mirrored and (repo.is_private, repo.updated_at, repo.gated)
                is distinct from (excluded.is_private, excluded.updated_at, excluded.gated)
            returning xmax = 0\
            """)
                .param("publicId", HexFormat.of().formatHex(publicId))
                .param("type", type.name())
                .param("name", name)
                .param("private", description.isPrivate())
                .param("owner", OWNER)
                .param("created", at(description.createdAt()))
                .param("updated", at(description.updatedAt()))
                .param("gated", description.gated().orElse(null))
                .query(Boolean.class)
                .optional()
                .orElse(false);
        Repo repo = find(type, name).orElseThrow();
        if (isNew) {
            events.publishEvent(new RepoEvent.Created(repo, OWNER));
        }
        return repo;
    }

    /** Gives a repository the name that it has there now; whether that was free. */
    @Transactional
    public boolean rename(Repo repo, String name) {
        return jdbc.sql("update repo set name = :name where id = :id and mirrored and not exists"
                                + " (select 1 from repo r where r.type = repo.type and lower(r.name) = lower(:name)"
                                + " and r.id <> repo.id)")
                        .param("name", name)
                        .param("id", repo.id())
                        .update()
                == 1;
    }

    @Transactional
    public void delete(Repo repo) {
        if (repo.mirrored() && repos.deleteById(repo.id()) == 1) {
            events.publishEvent(new RepoEvent.Deleted(repo, OWNER));
        }
    }

    public Optional<Commit> commit(Repo repo, String oid) {
        return commits.findByKey(new CommitEntity.Key(repo.id(), oid)).map(CommitEntity::toCommit);
    }

    /** Whether a commit that has these digits is here. */
    public boolean hasCommit(Repo repo, String digits) {
        return commits.findByPrefix(repo.id(), digits).size() == 1;
    }

    /**
     * Writes a commit down with its tree.
     *
     * @param commit whose tree is not known yet
     */
    @Transactional
    public void write(Repo repo, Commit commit, List<Change.Put> files) {
        TreeEditor editor = new TreeEditor(GitTree.EMPTY, commit.oid(), oid -> GitTree.EMPTY);
        files.forEach(editor::apply);
        TreeEditor.Result tree = editor.result();
        List<GitBlob> old =
                objects.insertBlobs(files.stream().map(Change.Put::blob).toList());
        objects.insertTrees(tree.trees());
        objects.touchBlobs(old);
        commits.insert(
                repo.id(),
                commit.oid(),
                tree.rootOid(),
                null,
                commit.generation(),
                commit.title(),
                commit.description(),
                commit.author(),
                commit.at());
    }

    /** Forgets a commit of which not all is known, so that it can be written down whole. */
    @Transactional
    public void forget(Repo repo, Commit commit) {
        jdbc.sql("delete from git_commit where repo_id = :repo and oid = :oid")
                .param("repo", repo.id())
                .param("oid", commit.oid())
                .update();
    }

    /** Adds files to a commit of which not all is known. */
    @Transactional
    public void extend(Repo repo, Commit commit, List<Change.Put> files) {
        TreeEditor editor = new TreeEditor(objects.tree(commit.treeOid()), commit.oid(), objects::tree);
        files.forEach(editor::apply);
        TreeEditor.Result tree = editor.result();
        List<GitBlob> old =
                objects.insertBlobs(files.stream().map(Change.Put::blob).toList());
        objects.insertTrees(tree.trees());
        objects.touchBlobs(old);
        jdbc.sql("update git_commit set tree_oid = :tree, touched_at = clock_timestamp() where repo_id = :repo"
                        + " and oid = :oid")
                .param("tree", tree.rootOid())
                .param("repo", repo.id())
                .param("oid", commit.oid())
                .update();
    }

    /** Lets a ref name a commit that is here. */
    @Transactional
    public void point(Repo repo, String ref, String oid) {
        int changed = jdbc.sql("""
            insert into git_ref (repo_id, name, target) values (:repo, :ref, :oid)
            on conflict (repo_id, name) do update set target = excluded.target
            where git_ref.target <> excluded.target\
            """)
                .param("repo", repo.id())
                .param("ref", ref)
                .param("oid", oid)
                .update();
        if (changed == 1) {
            events.publishEvent(new RepoEvent.RefChanged(repo, OWNER, ref, Optional.of(oid)));
        }
    }

    /** Forgets a ref that is gone there; {@code main} stays. */
    @Transactional
    public void forget(Repo repo, String ref) {
        if (!ref.equals(Revisions.MAIN) && refs.delete(repo.id(), ref) == 1) {
            events.publishEvent(new RepoEvent.RefChanged(repo, OWNER, ref, Optional.empty()));
        }
    }

    /** Notes a file's content before it has come. */
    @Transactional
    public void expect(GitBlob blob) {
        objects.touchBlobs(objects.insertBlobs(List.of(blob)));
    }

    /** What the content of a file is, where that has become known since the file was looked up. */
    public Optional<Sha256> contentOf(GitBlob blob) {
        return objects.blobs(List.of(blob.oid())).values().stream().findFirst().flatMap(GitBlob::sha256);
    }

    /** Notes what the content of a regular file is: it has come, and has the hash that git knows it by. */
    @Transactional
    public void arrived(String blobOid, Sha256 sha256, long size) {
        objects.touchBlobs(List.of(new GitBlob(blobOid, Optional.of(sha256), size, false)));
    }

    private static OffsetDateTime at(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
