package io.orrery.registry.repository;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface CommitRows extends Repository<CommitEntity, CommitEntity.Key> {
    Optional<CommitEntity> findByKey(CommitEntity.Key key);

    @Query("select c from CommitEntity c where c.key.repoId = :repoId and c.key.oid like concat(:prefix, '%')")
    List<CommitEntity> findByPrefix(long repoId, String prefix);

    /** Ancestors first. */
    @Query("select c from CommitEntity c where c.key.repoId = :repoId order by c.generation, c.key.oid")
    List<CommitEntity> findAll(long repoId);

    /** A commit and its ancestors, newest first. */
    @Query(value = """
        with recursive history as (
            select c.*, 0 as depth from git_commit c where c.repo_id = :repoId and c.oid = :oid
            union all
            select p.*, h.depth + 1 from git_commit p
            join history h on p.repo_id = h.repo_id and p.oid = h.parent_oid
            where h.depth + 1 < :count
        )
        select repo_id, oid, tree_oid, parent_oid, generation, title, description, author, committed_at
        from history order by depth\
        """, nativeQuery = true)
    List<CommitEntity> history(long repoId, String oid, int count);

    /** Whether a commit is there, and stays until the transaction ends, by when a ref leads to it. */
    @Query(
            value = "select count(*) = 1 from (select 1 from git_commit where repo_id = :repoId and oid = :oid"
                    + " for key share) held",
            nativeQuery = true)
    boolean hold(long repoId, String oid);

    /** The same commit may be made twice in a second, on two branches: it is one, and nobody deletes it meanwhile. */
    @Modifying
    @Query(value = """
        insert into git_commit
            (repo_id, oid, tree_oid, parent_oid, generation, title, description, author, committed_at)
        values (:repoId, :oid, :treeOid, :parentOid, :generation, :title, :description, :author, :at)
        on conflict (repo_id, oid) do update set touched_at = clock_timestamp()\
        """, nativeQuery = true)
    int insert(
            long repoId,
            String oid,
            String treeOid,
            @Nullable String parentOid,
            int generation,
            String title,
            String description,
            String author,
            Instant at);
}
