package io.orrery.registry.repository;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface RefRows extends Repository<RefEntity, RefEntity.Key> {
    @Query("select r from RefEntity r where r.key.repoId = :repoId order by r.key.name")
    List<RefEntity> findByRepo(long repoId);

    @Query("select r from RefEntity r where r.key.repoId = :repoId and r.key.name in :names")
    List<RefEntity> findByNames(long repoId, Collection<String> names);

    /** Makes committers to one branch wait for each other. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select r from RefEntity r where r.key.repoId = :repoId and r.key.name = :name")
    Optional<RefEntity> lock(long repoId, String name);

    @Modifying
    @Query(
            value =
                    "insert into git_ref (repo_id, name, target) values (:repoId, :name, :target) on conflict do nothing",
            nativeQuery = true)
    int insert(long repoId, String name, String target);

    /** Compare and set. */
    @Modifying
    @Query("update RefEntity r set r.target = :next"
            + " where r.key.repoId = :repoId and r.key.name = :name and r.target = :expected")
    int move(long repoId, String name, String expected, String next);

    @Modifying
    @Query("delete from RefEntity r where r.key.repoId = :repoId and r.key.name = :name")
    int delete(long repoId, String name);
}
